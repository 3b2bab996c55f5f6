"""A host beside its PostgreSQL."""

from __future__ import annotations

import subprocess
from contextlib import closing

from scripts.files import ROOT
from scripts.local_estate.postgres import Postgres
from tests.unit.archive_host.host import PROGRAMS, Host, database_variables

SCHEMA = (ROOT / "scripts" / "archive" / "schema.sql").read_text()
ROWS = """
INSERT INTO archive_list ("ディレクトリパス", "アーカイブファイル名", "S3バケット名", "S3キー",
                          "サイズ", "SHA256", "ETag", "バージョンID", "更新日時")
SELECT '//srv/共有/①㈱', n || '～.txt', 'kept', 'srv/共有/①㈱/' || n, n, 'x', 'y', 'v', now()
FROM generate_series(%s, %s) AS n
"""


class Machine:
    """A host beside its PostgreSQL."""

    def __init__(self, host: Host, server: Postgres) -> None:
        self.host = host
        self.server = server

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        variables = {
            **database_variables(self.server),
            "ARCHIVE_HOST_SETTINGS": str(self.host.folder / "host.env"),
            "ARCHIVE_SETTINGS": str(self.host.folder / "archive.env"),
            "TMPDIR": str(self.host.folder),
        }
        return self.host.run(PROGRAMS / program, *arguments, variables=variables)

    def sql(
        self, statement: str, *parameters: object, database: str = "archive"
    ) -> list[tuple[object, ...]]:
        with closing(self.server.connect(database)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def rows(self) -> list[tuple[object, ...]]:
        return self.sql("SELECT * FROM archive_list ORDER BY id")

    def databases(self) -> set[str]:
        found = self.sql("SELECT datname FROM pg_database", database="postgres")
        return {str(name) for (name,) in found} - {"postgres", "template0", "template1"}

    def fill(self) -> None:
        """Make an archive list of 100 files."""
        created = self.run("archive-database")
        assert created.returncode == 0, created.stderr
        self.sql(f"SET ROLE archive; {SCHEMA}; GRANT SELECT ON archive_list TO archive_reader")
        self.sql(ROWS, 1, 100)

    def drop(self) -> None:
        for name in self.databases():
            self.sql(f'DROP DATABASE "{name}" WITH (FORCE)', database="postgres")
