-- A round's token is its public link: shown again to whoever may see the round. `answers` counts what is kept.
CREATE TABLE rounds (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    title_zh TEXT,
    opens TEXT NOT NULL,
    closes TEXT,
    token TEXT NOT NULL UNIQUE,
    closed BIGINT NOT NULL DEFAULT 0,
    answers BIGINT NOT NULL DEFAULT 0,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX rounds_project ON rounds (project, id);
-- An answer is found by whoever has its link; only the hash of that is kept, and no name or contact.
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    round TEXT NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX answers_project ON answers (project, id);
CREATE INDEX answers_round ON answers (round, id);
