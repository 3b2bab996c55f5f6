-- Tables of sync-batch. Applied at the start of every run; what exists is left as it is.
--
-- Rows refer to each other without foreign keys: a run writes all three tables in one transaction
-- and deletes nothing, and to check a key PostgreSQL would write into the referenced row, every
-- video's every night. Ids are compared byte by byte ("C"), as the CSV files are sorted.

CREATE TABLE IF NOT EXISTS channels (
    channel_id          text COLLATE "C" PRIMARY KEY,
    handle              text,
    title               text,
    country             text,
    published_at        timestamptz,
    uploads_playlist_id text,
    subscriber_count    bigint,  -- NULL: the channel hides it
    view_count          bigint,
    video_count         bigint,
    last_synced_at      timestamptz NOT NULL  -- start of the last run that read it completely
);

CREATE TABLE IF NOT EXISTS videos (
    video_id               text COLLATE "C" PRIMARY KEY,
    channel_id             text COLLATE "C" NOT NULL,
    title                  text,
    published_at           timestamptz,
    duration_seconds       bigint,  -- NULL: live or announced
    category_id            bigint,
    live_broadcast_content text     -- none, live or upcoming
);

-- One row per video and day. A video that is deleted or private gets no more rows and keeps these.
CREATE TABLE IF NOT EXISTS video_statistics (
    video_id      text COLLATE "C" NOT NULL,
    date          date NOT NULL,  -- Asia/Tokyo
    view_count    bigint,         -- NULL, here and below: hidden
    like_count    bigint,
    comment_count bigint,
    PRIMARY KEY (video_id, date)
);

CREATE INDEX IF NOT EXISTS video_statistics_by_date ON video_statistics (date);

-- The audit: one row per run that had the lock.
CREATE TABLE IF NOT EXISTS sync_runs (
    run_id         uuid PRIMARY KEY,
    trigger        text NOT NULL,  -- schedule, manual, invoke or operator
    date           date NOT NULL,  -- Asia/Tokyo; the day that its rows belong to
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    outcome        text NOT NULL CHECK
                   (outcome IN ('running', 'complete', 'partial', 'failed', 'abandoned')),
    channels       integer NOT NULL DEFAULT 0,  -- read completely and committed
    channels_total integer NOT NULL DEFAULT 0,  -- in the settings
    videos         integer NOT NULL DEFAULT 0,
    quota_used     integer NOT NULL DEFAULT 0,  -- units
    message        text,
    error          text
);
