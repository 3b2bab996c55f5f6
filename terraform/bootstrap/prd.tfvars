# The account of prd. REPLACE what says "replace". An account that holds both environments has one
# such file, with two entries in environments.

github_subject_prefix = "repo:replace@0/batchworks@0"  # README.md has the command that prints it
state_bucket          = "replace-batchworks-state-prd" # as in ../environments/prd.tfbackend

environments = {
  prd = {
    network = { # as in ../environments/prd.tfvars
      vpc_id                     = "vpc-replace"
      database_security_group_id = "sg-replace"
    }
  }
}

# As in ../stacks/archive/prd.tfvars.
buckets = {
  archive = ["replace-archive", "replace-archive-lists"]
}
