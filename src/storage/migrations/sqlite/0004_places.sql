-- Bays that residents ask for. Of the link only a hash is kept; no name, no number, no plate.
CREATE TABLE parking_requests (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    wish TEXT NOT NULL,
    lot TEXT,
    reason TEXT,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX parking_requests_project ON parking_requests (project, id);

-- Rooms that are offered, and who has or had asked for them.
CREATE TABLE rooms (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    offer TEXT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE TABLE room_claims (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    claim TEXT NOT NULL,
    room TEXT,
    refusal TEXT,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX room_claims_project ON room_claims (project, id);

-- What is wrong at a stop, and the committee's answer.
CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE,
    stop TEXT NOT NULL,
    text TEXT NOT NULL,
    lang TEXT,
    state TEXT NOT NULL,
    answer TEXT,
    answered TEXT,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX comments_project ON comments (project, id);
CREATE INDEX comments_stop ON comments (project, stop, id);
