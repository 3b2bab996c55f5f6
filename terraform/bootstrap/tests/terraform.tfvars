# What every run is given, unless it says otherwise: first the account's settings, then those of
# the roles of one environment.

github_subject_prefix = "repo:acme/batchworks"
state_bucket          = "acme-state"
systems               = ["sync-batch"]

environments = {
  dev = { network = { vpc_id = "vpc-0a1b2c3d" } }
  prd = { network = { vpc_id = "vpc-1b2c3d4e" } }
}

environment = "dev"
region      = "ap-northeast-1"
network     = { vpc_id = "vpc-0a1b2c3d", database_security_group_id = "sg-0d1e2f3a" }

github = {
  provider_arn   = "arn:aws:iam::123456789012:oidc-provider/github"
  subject_prefix = "repo:acme/batchworks"
}
