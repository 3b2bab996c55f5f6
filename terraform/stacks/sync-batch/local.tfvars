# Network, database, bucket and youtube come from what is running: `make up` writes them.

# The only environment of its account: a manual event without an environment starts it.
default_environment = true
build               = "../../../build/local"
