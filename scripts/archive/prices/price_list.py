"""Today's prices, from the AWS Price List API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError

if TYPE_CHECKING:
    from mypy_boto3_pricing import PricingClient

SERVICES = ("AmazonS3GlacierDeepArchive", "AmazonS3")
SOURCE = "AWS Price List API, GetProducts"


@dataclass(frozen=True)
class Rate:
    """One line of AWS's price list.

    Args:
        usage: end of the usage type; before it stands the region, such as `APN1-`.
        operations: the operations it is told apart by, the first that is there counts.
        units: how many units of the list our price is for.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
    """

    usage: str
    operations: tuple[str, ...] = ("",)
    units: int = 1


RESTORE = ("DeepArchiveRestoreObject", "")
RATES = {
    "put_per_1000": Rate("Requests-GDA-Tier1", ("PutObject", "PostObject"), 1000),
    "storage_gb_month": Rate("TimedStorage-GDA-ByteHrs"),
    "standard_gb_month": Rate("TimedStorage-ByteHrs"),
    "restore_bulk_per_1000": Rate("Requests-GDA-Tier5", RESTORE, 1000),
    "restore_standard_per_1000": Rate("Requests-GDA-Tier3", RESTORE, 1000),
    "retrieval_bulk_gb": Rate("Bulk-Retrieval-Bytes", RESTORE[:1]),
    "retrieval_standard_gb": Rate("Standard-Retrieval-Bytes", RESTORE[:1]),
    "batch_job": Rate("BatchOperations-Jobs"),
    "batch_per_million": Rate("BatchOperations-Objects", units=1_000_000),
}


def fetch(pricing: PricingClient, region: str, today: date) -> str:
    """A file in the form of `prices.json`.

    Args:
        pricing: its endpoints are in us-east-1, eu-central-1 and ap-south-1 only.
        region: whose prices, such as `ap-northeast-1`.
        today: the date that the file carries.

    Raises:
        JobError: AWS's list lacks a price; the message names it.
    """
    found = {
        (product["usagetype"], product["operation"]): price
        for product, price in _products(pricing, region)
    }
    prices = {name: _price(found, name, rate) for name, rate in RATES.items()}
    content = {
        "region": region,
        "currency": "USD",
        "dated": today.isoformat(),
        "source": SOURCE,
        "prices": prices,
        "not_confirmed_by_aws": [],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _products(pricing: PricingClient, region: str) -> Iterator[tuple[dict[str, str], float]]:
    pages = pricing.get_paginator("get_products")
    for service in SERVICES:
        for page in pages.paginate(
            ServiceCode=service,
            Filters=[{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}],
        ):
            for text in page["PriceList"]:
                product = json.loads(text)
                attributes = product["product"]["attributes"]
                if (price := _first_price(product["terms"])) is not None:
                    names = ("usagetype", "operation")
                    yield {name: attributes.get(name, "") for name in names}, price


def _first_price(terms: dict[str, Any]) -> float | None:
    """The price of the first unit: what is cheaper for large amounts doesn't count."""
    for term in terms.get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            if dimension["beginRange"] == "0":
                return float(dimension["pricePerUnit"]["USD"])
    return None


def _price(found: dict[tuple[str, str], float], name: str, rate: Rate) -> float:
    for operation in rate.operations:
        for (usage, its_operation), price in found.items():
            if its_operation == operation and re.fullmatch(rf"(\w+-)?{rate.usage}", usage):
                return round(price * rate.units, 9)
    raise JobError(
        f"AWS の料金表に {name}（{rate.usage}）がありません。料金ファイルは変更していません。"
        "https://aws.amazon.com/s3/pricing/ の値を料金ファイルに手で書き込んでください"
    )
