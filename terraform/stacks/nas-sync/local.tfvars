# NAS, VPN, route tables, OpenSearch, the image model and Slack's secret come from what is running:
# `make up` writes them.

build         = "../../../build/local"
force_destroy = true # what lies here are examples

agent = {
  activation_key = "LOCAL-00000-00000-00000-00001" # nobody checks it here
}

functions = { concurrency = 2 } # of a machine with two processors

# Nothing here takes hours: VPN and transfer are there at once, or are told to fail.
pacing = {
  vpn_wait_seconds       = 1
  vpn_checks             = 10
  vpn_retry_seconds      = 1
  transfer_wait_seconds  = 1
  transfer_checks        = 600
  function_retry_seconds = 1
  timeout_retry_seconds  = 1
  search_retry_seconds   = 1
}
