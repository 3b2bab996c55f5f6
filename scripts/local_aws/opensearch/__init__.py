"""One real OpenSearch node with kuromoji and k-NN, from Maven's jars: what Amazon's domain is.

Neither TLS, nor signatures, nor access policies are checked by it.
"""

from scripts.local_aws.opensearch.node import (
    ENDPOINT_VARIABLE,
    READY_FILE,
    OpenSearch,
    found,
    running,
    start,
    stop,
)

__all__ = ["ENDPOINT_VARIABLE", "READY_FILE", "OpenSearch", "found", "running", "start", "stop"]
