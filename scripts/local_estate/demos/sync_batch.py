"""sync-batch on one machine: a run by its event, and the rows it brought."""

from __future__ import annotations

from contextlib import closing

from rich.table import Table

from scripts import runs
from scripts.environments import Environment
from scripts.local_estate.deploy import Deployed
from scripts.local_estate.estate import Estate
from scripts.local_estate.postgres import Postgres
from scripts.local_estate.steps import console, step
from scripts.local_estate.systems.sync_batch import DATABASE

JOB = "sync-batch"
TABLES = ("channels", "videos", "video_statistics")
CHANNELS = """
    SELECT title AS channel, handle, subscriber_count AS subscribers, view_count AS views,
           video_count AS videos
    FROM channels ORDER BY view_count DESC NULLS LAST, channel_id"""
TOP_VIDEOS = """
    SELECT v.title AS video, c.title AS channel, s.view_count AS views, s.like_count AS likes
    FROM video_statistics AS s
    JOIN videos AS v USING (video_id) JOIN channels AS c USING (channel_id)
    WHERE s.date = (SELECT max(date) FROM video_statistics)
    ORDER BY s.view_count DESC NULLS LAST, video_id LIMIT 10"""
LAST_RUN = """
    SELECT field, value FROM json_each_text((
        SELECT to_json(r) FROM sync_runs AS r ORDER BY started_at DESC LIMIT 1
    )) WITH ORDINALITY AS _ (field, value, place) ORDER BY place"""
FINGERPRINT = """
    SELECT count(*), coalesce(md5(string_agg(md5((to_jsonb(t) - 'last_synced_at')::text), ''
           ORDER BY to_jsonb(t)::text)), '') FROM {table} AS t"""
NEXT = """What to try next
  make demo                    again: the same rows
  make up STACK=sync-batch     leave it running, then make trigger ENV=local WAIT=1
  make sync-local              the same job on this machine, with a progress bar
  make test                    everything that is promised here, proven"""


def demo(deployed: Deployed) -> bool:
    """Start one run by its event, follow it, and show the tables it filled."""
    database = deployed.estate.database
    before = _fingerprints(database)
    outcome = _run(deployed.estate)
    _show(database, before)
    console.print(f"\nThe run ended [bold]{outcome}[/bold].")
    return outcome == "complete"


def _run(running: Estate) -> str | None:
    with step("send the manual event with put-events"):
        event_id = runs.send_manual_event(running.aws.client("events"), JOB, Environment.LOCAL)
    group = runs.log_group(JOB, Environment.LOCAL)
    with step("the run, as its log tells it"):
        for line in runs.follow(running.aws.client("logs"), group, event_id):
            console.print(f"    {line.readable()}", markup=False, soft_wrap=True)
    return runs.outcome(line)


def _show(database: Postgres, before: dict[str, tuple[object, ...]]) -> None:
    console.print()
    _table(database, "Channels", CHANNELS)
    _table(database, "Top videos", TOP_VIDEOS)
    _table(database, "The run in the audit table", LAST_RUN)
    after = _fingerprints(database)
    for name in TABLES:
        rows, known = after[name][0], before.get(name, (0,))[0]
        same = "the same rows as before" if after[name] == before.get(name) else f"{known} before"
        console.print(f"  {name:18}{rows:>8} rows  ({same})")


def _table(database: Postgres, title: str, query: str) -> None:
    with closing(database.connect(DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Tokyo'")
        cursor.execute(query)
        rows = [[_cell(value) for value in row] for row in cursor.fetchall()]
        columns = cursor.description or ()
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        if _is_number(column.type_code):
            width = max((len(row[place]) for row in rows), default=0)
            table.add_column(column.name, justify="right", min_width=width)
        else:
            table.add_column(column.name, no_wrap=column.name != "value")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _is_number(type_code: int) -> bool:
    return type_code in (20, 21, 23)  # int8, int2, int4


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _fingerprints(database: Postgres) -> dict[str, tuple[object, ...]]:
    """Number of rows and a digest of all rows, for each table that is there."""
    found: dict[str, tuple[object, ...]] = {}
    with closing(database.connect(DATABASE)) as connection, connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute("SELECT to_regclass(%s)", (name,))
            if cursor.fetchone() != (None,):
                cursor.execute(FINGERPRINT.format(table=name))
                found[name] = cursor.fetchone() or ()
    return found
