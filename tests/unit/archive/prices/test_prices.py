"""`archive prices`: the dated file, and today's prices from AWS's list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
import typer
from botocore.stub import Stubber
from typer.testing import CliRunner

from batchworks.errors import JobError
from scripts.archive.exits import Exit
from scripts.archive.prices import price_list
from scripts.archive.prices.command import LABELS, command
from scripts.archive.prices.prices import Prices, load, read

TOKYO = "ap-northeast-1"
TODAY = date(2026, 11, 22)
LISTED = {
    "AmazonS3GlacierDeepArchive": (
        ("APN1-Requests-GDA-Tier1", "InitiateMultipartUpload", "0.0000047000"),
        ("APN1-Requests-GDA-Tier1", "PutObject", "0.0000650000"),
        ("APN1-TimedStorage-GDA-ByteHrs", "", "0.0020000000"),
        ("APN1-Requests-GDA-Tier5", "", "0.0000250000"),
        ("APN1-Requests-GDA-Tier3", "DeepArchiveRestoreObject", "0.0001142000"),
        ("APN1-Bulk-Retrieval-Bytes", "DeepArchiveRestoreObject", "0.0050000000"),
        ("APN1-Standard-Retrieval-Bytes", "DeepArchiveRestoreObject", "0.0220000000"),
    ),
    "AmazonS3": (
        ("APN1-TimedStorage-ByteHrs", "", "0.0250000000"),
        ("APN1-TimedStorage-SIA-ByteHrs", "", "0.0138000000"),
        ("APN1-Standard-Retrieval-Bytes", "RestoreObject", "0.0110000000"),
        ("APN1-BatchOperations-Jobs", "", "0.2500000000"),
        ("APN1-BatchOperations-Objects", "", "0.0000010000"),
    ),
}


def product(usage: str, operation: str, usd: str) -> str:
    """One entry as GetProducts gives it: JSON in a string, with tiers in any order."""
    dimensions: dict[str, Any] = {
        "SKU.TERM.2": {"beginRange": "51200", "endRange": "Inf", "pricePerUnit": {"USD": "0.0001"}},
        "SKU.TERM.1": {"beginRange": "0", "endRange": "51200", "pricePerUnit": {"USD": usd}},
    }
    return json.dumps(
        {
            "product": {
                "productFamily": "API Request",
                "attributes": {
                    "regionCode": TOKYO,
                    "location": "Asia Pacific (Tokyo)",
                    "usagetype": usage,
                    "operation": operation,
                },
                "sku": "SKU",
            },
            "serviceCode": "AmazonS3",
            "terms": {"OnDemand": {"SKU.TERM": {"priceDimensions": dimensions}}},
            "version": "20261101000000",
        }
    )


@pytest.fixture
def pricing() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client(
        "pricing", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client) as stubber:
        yield client, stubber


def answer(stubber: Stubber, *, without: str = "nothing") -> None:
    """Answers for both services, the first in two pages."""
    filters = [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": TOKYO}]
    for service, lines in LISTED.items():
        entries = [product(*line) for line in lines if without not in line[0]]
        asked = {"ServiceCode": service, "Filters": filters}
        stubber.add_response("get_products", {"PriceList": entries[:3], "NextToken": "t"}, asked)
        stubber.add_response(
            "get_products", {"PriceList": entries[3:]}, {**asked, "NextToken": "t"}
        )


def test_the_data_file_names_its_date_and_its_source_and_what_is_not_confirmed() -> None:
    prices = load()

    assert prices.dated.year >= 2026
    assert prices.source.startswith("https://aws.amazon.com/")
    assert not prices.confirmed


def test_aws_price_list_gives_each_price_by_its_own_usage_type_and_operation(
    pricing: tuple[Any, Stubber],
) -> None:
    client, stubber = pricing
    answer(stubber)

    prices = read(price_list.fetch(client, TOKYO, TODAY))

    assert prices == Prices(
        put_per_1000=0.065,
        storage_gb_month=0.002,
        standard_gb_month=0.025,
        restore_bulk_per_1000=0.025,
        restore_standard_per_1000=0.1142,
        retrieval_bulk_gb=0.005,
        retrieval_standard_gb=0.022,
        batch_job=0.25,
        batch_per_million=1.0,
        dated=TODAY,
        source="AWS Price List API, GetProducts",
        confirmed=True,
    )


def test_a_price_that_is_missing_from_awss_list_is_named(pricing: tuple[Any, Stubber]) -> None:
    client, stubber = pricing
    answer(stubber, without="Requests-GDA-Tier5")

    with pytest.raises(JobError, match="restore_bulk_per_1000"):
        price_list.fetch(client, TOKYO, TODAY)


@pytest.fixture
def run() -> Any:
    app = typer.Typer()
    app.command()(command)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_every_price_is_shown_with_the_date(run: Any) -> None:
    result = run()

    assert result.exit_code == Exit.DONE
    assert all(label in result.output for label in LABELS.values())
    assert f"{load().dated} 時点" in result.output


def test_refreshed_prices_go_into_the_file_that_is_named(
    run: Any, pricing: tuple[Any, Stubber], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stubber = pricing
    answer(stubber)
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)

    result = run("--refresh", "--to", str(tmp_path / "prices.json"))

    assert result.exit_code == Exit.DONE
    assert read((tmp_path / "prices.json").read_text("utf-8")).confirmed


def test_a_refused_request_says_which_permission_is_needed(
    run: Any, pricing: tuple[Any, Stubber], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, stubber = pricing
    stubber.add_client_error("get_products", "AccessDeniedException")
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)

    result = run("--refresh", "--to", str(tmp_path / "prices.json"))

    assert result.exit_code == Exit.SOME_FAILED
    assert "pricing:GetProducts" in result.output
    assert not (tmp_path / "prices.json").exists()


def test_refreshing_needs_a_file_to_write_to(run: Any) -> None:
    assert run("--refresh").exit_code == Exit.USAGE
