# Many files on one EFS file system, behind as many mount targets as there are zones for: a
# controller counts the files and adds mount targets, an ECS service reads and writes the files.
#
#   file_system.tf    the file system, its key, policy and access points
#   mount_targets.tf  the mount targets there are from the first day on
#   mount_list.tf     the list of mount targets, for containers to read
#   controller.tf     the function that counts, creates, lists and redeploys
#   service.tf        the cluster, the service and its tasks
#   tasks.tf          what a task consists of, on EC2 and on Fargate
#   roles.tf          what a task may do
#   scaling.tf        how many tasks there are
#   capacity.tf       the machines they run on, on EC2
#   network.tf        who reaches whom
#   alarms.tf         what wakes a person
#   dashboard.tf      the same on one page
#   protection.tf     what keeps Terraform from destroying the file system

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id

  # Lists of one element or none, for count and for_each.
  ec2     = var.launch_type == "EC2" ? [var.capacity] : []
  fargate = var.launch_type == "FARGATE" ? [var.service] : []
}
