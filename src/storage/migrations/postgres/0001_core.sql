-- Times are RFC 3339 UTC with milliseconds, ids and JSON are text: the same on both databases.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT,
    disabled BIGINT NOT NULL DEFAULT 0,
    created TEXT NOT NULL
);
-- project and park are '' where the role holds everywhere, or in the whole project.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    project TEXT NOT NULL DEFAULT '',
    park TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    UNIQUE (user_id, role, project, park)
);
-- Tokens are kept as hashes only.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created TEXT NOT NULL,
    expires TEXT NOT NULL
);
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    expires TEXT
);
-- One-time links: the first admin's, and invitations to set a password.
CREATE TABLE invitations (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires TEXT NOT NULL
);

CREATE TABLE blobs (
    sha TEXT PRIMARY KEY,
    bytes BYTEA NOT NULL
);
-- mark counts what changes for riders; replicas watch it.
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_zh TEXT,
    revision BIGINT NOT NULL,
    mark BIGINT NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE TABLE project_files (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sha TEXT NOT NULL REFERENCES blobs (sha),
    size BIGINT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (project, name)
);
CREATE TABLE scenarios (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    modifications TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX scenarios_project ON scenarios (project, id);

CREATE TABLE sweeps (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    created TEXT NOT NULL
);
-- The truth about jobs. inputs names every file by its hash, so a run can be repeated years later.
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    sweep TEXT REFERENCES sweeps (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    inputs TEXT NOT NULL,
    modifications TEXT NOT NULL,
    ask TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    cancel BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    heartbeat TEXT,
    progress TEXT,
    used_ms BIGINT NOT NULL DEFAULT 0,
    best TEXT,
    plan TEXT,
    reason TEXT,
    created TEXT NOT NULL,
    started TEXT,
    ended TEXT
);
CREATE INDEX runs_project ON runs (project, id);
CREATE INDEX runs_state ON runs (state, id);
CREATE INDEX runs_sweep ON runs (sweep);
-- Immutable: a plan's id is the hash of its content.
CREATE TABLE plans (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    run TEXT,
    label TEXT NOT NULL,
    inputs TEXT NOT NULL,
    modifications TEXT NOT NULL,
    figures TEXT NOT NULL,
    content BYTEA NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (project, id)
);
CREATE INDEX plans_created ON plans (project, created);
CREATE INDEX plans_run ON plans (run);
CREATE TABLE publications (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    plan TEXT NOT NULL,
    from_day TEXT NOT NULL,
    until_day TEXT,
    withdrawn TEXT,
    revision BIGINT NOT NULL,
    published BYTEA NOT NULL,
    created TEXT NOT NULL,
    FOREIGN KEY (project, plan) REFERENCES plans (project, id)
);
CREATE INDEX publications_project ON publications (project, id);

-- What was answered to a write with an Idempotency-Key, in the same transaction as the write.
CREATE TABLE idempotency (
    who TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply TEXT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (who, key)
);
