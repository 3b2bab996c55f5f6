# The host that people archive from: one machine with the archive command, the archive list in
# PostgreSQL, and the lookup page.
#
#   instance.tf        the machine
#   data_volume.tf     the disk that PostgreSQL is on, which outlives the machine
#   network.tf         who reaches the page, and what the host reaches
#   role.tf            what the host may do, generated from what it is given; it can't delete
#   configuration.tf   package, shares and settings: what the running host takes over by itself
#   cloud_init.tf      how a new machine sets itself up, out of files/
#   alarms.tf          what wakes a person

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_subnet" "this" {
  id = var.network.subnet_id
}

data "aws_vpc" "this" {
  id = var.network.vpc_id
}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id
}
