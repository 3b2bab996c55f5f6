# The account of dev. REPLACE what says "replace". An account that holds both environments has one
# such file, with two entries in environments.

github_subject_prefix = "repo:replace@0/batchworks@0"  # README.md has the command that prints it
state_bucket          = "replace-batchworks-state-dev" # as in ../environments/dev.tfbackend

environments = {
  dev = {
    network = { # as in ../environments/dev.tfvars
      vpc_id                     = "vpc-replace"
      database_security_group_id = "sg-replace"
    }
  }
}

# As in ../stacks/archive/dev.tfvars.
buckets = {
  archive = ["replace-archive-dev", "replace-archive-lists-dev"]
}
