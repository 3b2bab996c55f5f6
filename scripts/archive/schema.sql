-- The archive list: what is in the bucket, one row per archived version of a file. Kept for ever.
-- The first eight columns are a contract; what was added follows after them.
CREATE TABLE IF NOT EXISTS archive_list (
    id SERIAL PRIMARY KEY,
    "ディレクトリパス" TEXT NOT NULL,
    "アーカイブファイル名" TEXT NOT NULL,
    "S3バケット名" TEXT NOT NULL,
    "S3キー" TEXT NOT NULL,
    "アーカイブ日時" TIMESTAMP DEFAULT NOW(),  -- UTC: every session of ours says so
    "依頼ID" VARCHAR(255),
    "コメント" TEXT,
    "依頼者" TEXT,
    "サイズ" BIGINT NOT NULL,
    "SHA256" TEXT NOT NULL,  -- as S3 gives it: base64, with -N where there were N parts
    "パートサイズ" BIGINT,  -- bytes; NULL where the object was sent whole
    "ETag" TEXT NOT NULL,
    "バージョンID" TEXT NOT NULL,
    "更新日時" TIMESTAMPTZ NOT NULL,  -- of the original, when it was archived
    "マーカー" TEXT  -- name of the marker beside it; NULL where that name was taken
);

CREATE UNIQUE INDEX IF NOT EXISTS archive_list_object
    ON archive_list ("S3バケット名", "S3キー" COLLATE "C", "バージョンID");

-- For telling our markers from a requester's own files of that name.
CREATE INDEX IF NOT EXISTS archive_list_marker
    ON archive_list ("ディレクトリパス", "マーカー") WHERE "マーカー" IS NOT NULL;
