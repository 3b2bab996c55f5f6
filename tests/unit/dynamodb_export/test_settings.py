"""The settings of dynamodb-export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from batchworks.errors import JobError, SettingsError
from dynamodb_export import settings
from dynamodb_export.settings import Format, Mode, ReadLimit

LEAST = {"BUCKET_NAME": "b", "AWS_ACCOUNT_ID": "123456789012"}


def with_tables(tables: Any, **others: str) -> dict[str, str]:
    return {**LEAST, "TABLES": json.dumps(tables), **others}


def test_defaults() -> None:
    found = settings.load(LEAST)
    assert found.environment == "prd"
    assert found.table_name == "moderation-craft-prod"
    assert list(found.tables) == ["moderation-craft-prod"]
    assert found.plan("moderation-craft-prod").mode is Mode.SCAN
    assert (found.format, found.gzip, found.segments) == (Format.ARRAY, False, 4)
    assert found.debug is False


def test_tables_with_modes_and_limits() -> None:
    found = settings.load(
        with_tables(
            {
                "moderation-craft-prod": {"mode": "scan", "read_limit": {"percent": 50}},
                "slow": {"mode": "scan", "read_limit": {"items_per_second": 500, "percent": None}},
                "native": {"mode": "native"},
                "changes": {"mode": "incremental", "read_limit": None},
                "test-moderation-craft": {"mode": "request"},
            }
        )
    )
    assert [plan.name for plan in found.in_modes(Mode.SCAN)] == ["moderation-craft-prod", "slow"]
    assert found.plan("moderation-craft-prod").read_limit == ReadLimit(percent=50)
    assert found.plan("slow").read_limit == ReadLimit(items_per_second=500)
    assert found.plan("changes").read_limit is None


def test_a_table_that_is_not_configured_is_refused_with_those_that_are() -> None:
    found = settings.load(with_tables({"moderation-craft-prod": {"mode": "scan"}}))
    with pytest.raises(JobError, match=r"'other' is not configured .* moderation-craft-prod"):
        found.plan("other")


@pytest.mark.parametrize("name", ["BUCKET_NAME", "AWS_ACCOUNT_ID"])
def test_what_must_be_given_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is not set"):
        settings.load({**LEAST, name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCOUNT_ID", "12345"),
        ("DEBUG", "perhaps"),
        ("EXPORT_GZIP", "yes"),
        ("EXPORT_FORMAT", "csv"),
        ("EXPORT_SEGMENTS", "0"),
        ("EXPORT_SEGMENTS", "many"),
        ("TABLE_NAME", "moderation-craft-other"),
        ("TABLES", "{"),
        ("TABLES", "[]"),
        ("TABLES", "{}"),
    ],
)
def test_what_is_malformed_is_named(name: str, value: str) -> None:
    given = with_tables({"moderation-craft-prod": {"mode": "scan"}})
    with pytest.raises(SettingsError, match=f"^{name}"):
        settings.load({**given, name: value})


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("scan", "give an object"),
        ({}, "has the mode None: give one of scan, native, incremental, request"),
        ({"mode": "full"}, "has the mode 'full'"),
        ({"mode": "scan", "limit": 1}, "nothing but mode, read_limit"),
        ({"mode": "scan", "read_limit": 5}, "give an object"),
        ({"mode": "scan", "read_limit": {}}, "either percent or items_per_second"),
        ({"mode": "scan", "read_limit": {"percent": 1, "items_per_second": 1}}, "either"),
        ({"mode": "scan", "read_limit": {"percent": 101}}, "from 1 to 100"),
        ({"mode": "scan", "read_limit": {"percent": 0.5}}, "from 1 to 100"),
        ({"mode": "scan", "read_limit": {"items_per_second": True}}, "from 1 to"),
    ],
)
def test_a_plan_that_is_malformed_is_told_with_its_table(plan: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=f"moderation-craft-prod.*{said}"):
        settings.load(with_tables({"moderation-craft-prod": plan}))


@pytest.mark.parametrize(
    "name", ["ab", "a/b", "../x", "arn:aws:dynamodb:x:1:table/t", "t" * 256, "日本語の表"]
)
def test_what_is_no_name_of_a_table_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="no name of a table"):
        settings.load(with_tables({name: {"mode": "scan"}}))
