-- The running day: what does not run, what is late, what riders should know, and who was counted.

CREATE TABLE cancellations (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    trip TEXT NOT NULL,
    reason_zh TEXT,
    reason_en TEXT,
    created TEXT NOT NULL,
    PRIMARY KEY (project, day, trip)
);
CREATE TABLE delays (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    trip TEXT NOT NULL,
    seconds BIGINT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (project, day, trip)
);
-- lines and stops are lists of ids as JSON; both empty: about everything.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    from_time TEXT,
    until_time TEXT,
    lines TEXT NOT NULL,
    stops TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL
);
CREATE INDEX alerts_of_project ON alerts (project, id);
-- Numbers only, never who. trip is '' where line and departure are told, and they are '' where it is.
CREATE TABLE boardings (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    trip TEXT NOT NULL,
    line TEXT NOT NULL,
    departure TEXT NOT NULL,
    stop TEXT NOT NULL,
    boarded BIGINT NOT NULL,
    alighted BIGINT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (project, day, trip, line, departure, stop)
);
