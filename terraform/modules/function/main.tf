# One Lambda function and everything that belongs to it:
#
#   function.tf      code, layers, version and the alias callers use
#   role.tf          what the function may do, generated from what it is given
#   network.tf       the VPC it runs in, if any
#   logs.tf          its log group
#   dead_letters.tf  retries, and where events go that were given up
#   alarms.tf        what wakes a person

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id
}
