"""AWS on one machine: moto completed by extensions, real Lambda processes, enforced IAM.

`start()` runs it as a process of its own; `python -m scripts.local_aws` is the same by hand.
"""

from scripts.local_aws.client import LocalAws, start
from scripts.local_aws.control_client import LocalAwsError
from scripts.local_aws.iam.records import IamRecord
from scripts.local_aws.settings import Pace

__all__ = ["IamRecord", "LocalAws", "LocalAwsError", "Pace", "start"]
