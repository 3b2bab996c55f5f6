locals {
  # Names are exact where they are the only ones of their account, and tell the environment apart
  # elsewhere.
  suffix = contains(["local", "prd"], var.environment) ? "" : "-${var.environment}"
  name   = "efs-autoscaler${local.suffix}"
}
