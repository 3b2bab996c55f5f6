# The only environment of its account: a manual event without an environment starts it.
default_environment = true
build               = "../../../build/local"
force_destroy       = true # what is exported here are examples
