"""IAM: moto refuses policies about jobs of S3 Batch Operations, whose ARNs have a region."""

from __future__ import annotations

from moto.iam.policy_validation import SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS

_REGIONAL: list[str] = SERVICE_TYPE_REGION_INFORMATION_ERROR_ASSOCIATIONS["s3"][
    "valid_starting_values"
]
_REGIONAL.append("job/")
