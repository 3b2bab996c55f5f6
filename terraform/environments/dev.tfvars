# REPLACE every value that says "replace".

region = "ap-northeast-1"

network = {
  vpc_id                     = "vpc-replace"
  private_subnet_ids         = ["subnet-replace-a", "subnet-replace-c"] # with a route to a NAT gateway
  database_security_group_id = "sg-replace"                             # leave out if it isn't ours to change
}

alerts = {
  emails = ["replace@example.com"] # each has to confirm one mail from AWS
}

# Printed by terraform/bootstrap: the most that a job may ever do.
permissions_boundary = "arn:aws:iam::111111111111:policy/batchworks-dev-boundary"
