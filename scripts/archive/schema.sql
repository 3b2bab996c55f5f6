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
    "マーカー" TEXT,  -- name of the marker beside it; NULL where that name was taken
    -- What searches look through: path/name in one case, width and normal form, with \ alone
    -- between names, so that the / here is where the name begins once more.
    "検索" TEXT NOT NULL GENERATED ALWAYS AS (
        lower(translate(normalize("ディレクトリパス" || '\' || "アーカイブファイル名", NFKC), '/¥', '\\'))
        || '/' || lower(translate(normalize("アーカイブファイル名", NFKC), '/¥', '\\'))
    ) STORED
);

CREATE UNIQUE INDEX IF NOT EXISTS archive_list_object
    ON archive_list ("S3バケット名", "S3キー" COLLATE "C", "バージョンID");

-- For telling our markers from a requester's own files of that name.
CREATE INDEX IF NOT EXISTS archive_list_marker
    ON archive_list ("ディレクトリパス", "マーカー") WHERE "マーカー" IS NOT NULL;

CREATE INDEX IF NOT EXISTS archive_list_newest
    ON archive_list ("アーカイブ日時" DESC, id DESC);
CREATE INDEX IF NOT EXISTS archive_list_request
    ON archive_list ("依頼ID", "アーカイブ日時" DESC, id DESC);
CREATE INDEX IF NOT EXISTS archive_list_requester
    ON archive_list ("依頼者", "アーカイブ日時" DESC, id DESC);

-- Any part of a path in milliseconds, where the server has pg_trgm; without it a search reads the
-- whole table.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS archive_list_search ON archive_list USING gin ("検索" gin_trgm_ops);
EXCEPTION
    WHEN feature_not_supported OR undefined_file OR insufficient_privilege THEN
        RAISE NOTICE 'archive_list is searched without pg_trgm: %', SQLERRM;
END
$$;
