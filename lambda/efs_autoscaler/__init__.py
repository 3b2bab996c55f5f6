"""efs-autoscaler: one more mount target when a file system holds very many files."""

JOB = "efs-autoscaler"
