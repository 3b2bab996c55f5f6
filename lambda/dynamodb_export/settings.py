"""What the jobs of dynamodb-export are told: read once, before anything is done."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from batchworks.errors import JobError, SettingsError
from batchworks.settings import Variables, in_lambda

DEFAULT_TABLE = "moderation-craft-prod"
_EXAMPLE = '{"moderation-craft-prod": {"mode": "scan"}}'
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
_TABLE_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_MAX_SEGMENTS = 64  # threads of one process; DynamoDB itself takes a million


class Mode(StrEnum):
    """What the daily runs do with a table."""

    SCAN = "scan"  # export-dynamodb
    NATIVE = "native"  # batch-export, FULL
    INCREMENTAL = "incremental"  # batch-export, INCREMENTAL
    REQUEST = "request"  # nothing: it is exported when somebody asks


class Format(StrEnum):
    """How a scan's object is written."""

    ARRAY = "array"  # a JSON array, one item a line
    LINES = "lines"  # JSON Lines


@dataclass(frozen=True)
class ReadLimit:
    """How fast a table may be scanned; exactly one of them is given."""

    percent: int | None = None  # of the table's provisioned read capacity
    items_per_second: int | None = None


@dataclass(frozen=True)
class TablePlan:
    """What is settled about one table."""

    name: str
    mode: Mode
    read_limit: ReadLimit | None = None  # None: as fast as it goes


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know."""

    environment: str
    table_name: str  # the one that is meant where a request names none
    bucket: str
    account_id: str  # owner of the bucket and the tables
    debug: bool
    tables: Mapping[str, TablePlan]  # by name
    format: Format
    gzip: bool
    segments: int  # parallel parts of a scan

    def plan(self, table: object) -> TablePlan:
        """What is settled about a table.

        Args:
            table: its name, as somebody asked for it.

        Raises:
            JobError: it isn't configured; the message lists those that are.
        """
        if isinstance(table, str) and table in self.tables:
            return self.tables[table]
        raise JobError(
            f"the table {table!r} is not configured for export: ask for one of "
            f"{', '.join(sorted(self.tables))}, or add it to the setting TABLES"
        )

    def in_modes(self, *modes: Mode) -> list[TablePlan]:
        """The tables of some modes, by name."""
        return sorted((p for p in self.tables.values() if p.mode in modes), key=lambda p: p.name)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        environ: such as `os.environ`.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the remedy.
    """
    place = "the function's environment variables" if in_lambda(environ) else "the environment"
    given = Variables(environ, {}, place)
    table_name = given.optional("TABLE_NAME") or DEFAULT_TABLE
    tables = _tables(given, table_name)
    if table_name not in tables:
        raise SettingsError(
            f"TABLE_NAME is {table_name!r}, which TABLES ({', '.join(sorted(tables))}) doesn't "
            "hold: add it there, or name one of these"
        )
    return Settings(
        environment=given.optional("ENVIRONMENT") or "prd",
        table_name=table_name,
        bucket=given.required("BUCKET_NAME", "the bucket that receives the exports"),
        account_id=_account_id(given),
        debug=_switch(given, "DEBUG"),
        tables=tables,
        format=Format(given.choice("EXPORT_FORMAT", Format.ARRAY, tuple(Format))),
        gzip=_switch(given, "EXPORT_GZIP"),
        segments=given.integer("EXPORT_SEGMENTS", 4, range(1, _MAX_SEGMENTS + 1)),
    )


def _account_id(given: Variables) -> str:
    account = given.required("AWS_ACCOUNT_ID", "the account that owns bucket and tables")
    if not re.fullmatch(r"[0-9]{12}", account):
        raise SettingsError(f"AWS_ACCOUNT_ID is {account!r}: give the account's twelve digits")
    return account


def _switch(given: Variables, name: str) -> bool:
    text = (given.optional(name) or "false").lower()
    if text not in {"true", "1", "false", "0"}:
        raise SettingsError(f"{name} is {text!r}: give true or false")
    return text in {"true", "1"}


def _tables(given: Variables, table_name: str) -> dict[str, TablePlan]:
    text = given.optional("TABLES")
    if text is None:
        text = json.dumps({table_name: {"mode": Mode.SCAN}})
    try:
        tables = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"TABLES is no JSON ({error}): write it like {_EXAMPLE}") from error
    if not isinstance(tables, dict) or not tables:
        raise SettingsError(f"TABLES names no table: write it like {_EXAMPLE}")
    return {name: _plan(name, plan) for name, plan in tables.items()}


def _plan(name: str, plan: Any) -> TablePlan:
    if not _TABLE_NAME.fullmatch(name):
        raise SettingsError(
            f"TABLES: {name!r} is no name of a table (3 to 255 letters, digits, '_', '.', '-'): "
            "give the name, not the ARN"
        )
    fields = _known_fields(f"TABLES: {name}", plan, {"mode", "read_limit"})
    mode = fields.get("mode")
    if mode not in tuple(Mode):
        raise SettingsError(f"TABLES: {name} has the mode {mode!r}: give one of {', '.join(Mode)}")
    return TablePlan(name, Mode(mode), _read_limit(name, fields.get("read_limit")))


def _read_limit(name: str, given: Any) -> ReadLimit | None:
    if given is None:
        return None
    what = f"TABLES: the read_limit of {name}"
    fields = _known_fields(what, given, {"percent", "items_per_second"})
    limits = {key: value for key, value in fields.items() if value is not None}
    if len(limits) != 1:
        raise SettingsError(f"{what} is {given}: give either percent or items_per_second")
    ((key, value),) = limits.items()
    allowed = range(1, 101) if key == "percent" else range(1, 10_000_001)
    if type(value) is not int or value not in allowed:
        raise SettingsError(
            f"{what} has {key} {value!r}: give a whole number from 1 to {allowed.stop - 1}"
        )
    return ReadLimit(**limits)


def _known_fields(what: str, value: Any, known: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise SettingsError(
            f"{what} is {value!r}: give an object with nothing but {', '.join(sorted(known))}"
        )
    return value
