-- Rides on request. A day of an offer goes on with the plan under which its first ride was promised; at is the time of the sheets, seconds of the
-- service day, and last the latest begin in them.
CREATE TABLE ride_days (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    offer TEXT NOT NULL,
    day TEXT NOT NULL,
    plan TEXT NOT NULL,
    at BIGINT NOT NULL,
    last BIGINT NOT NULL,
    sheets TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (project, offer, day)
);
CREATE INDEX ride_days_day ON ride_days (day);
-- Of the link only a hash is kept; no name, no number. Tickets of a day count from 0.
CREATE TABLE rides (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    offer TEXT NOT NULL,
    day TEXT NOT NULL,
    ticket BIGINT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    ride TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    UNIQUE (project, offer, day, ticket),
    FOREIGN KEY (project, offer, day) REFERENCES ride_days (project, offer, day) ON DELETE CASCADE
);
