mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

run "a_file_system_that_keeps_to_itself" {
  assert {
    condition = (
      aws_efs_file_system.this.encrypted &&
      aws_efs_file_system.this.kms_key_id == aws_kms_key.this.arn &&
      aws_kms_key.this.enable_key_rotation
    )
    error_message = "Files are encrypted with a key of the file system's own, which rotates."
  }

  assert {
    condition = jsondecode(aws_efs_file_system_policy.this.policy).Statement == [{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = aws_efs_file_system.this.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Nothing comes in but over TLS, and the policy allows nobody: least of all the anonymous."
  }

  assert {
    condition = (
      aws_efs_file_system.this.performance_mode == "generalPurpose" &&
      aws_efs_file_system.this.throughput_mode == "elastic" &&
      aws_efs_backup_policy.this.backup_policy[0].status == "ENABLED"
    )
    error_message = "What AWS recommends is the default, backups included."
  }

  assert {
    condition = {
      for key, point in aws_efs_access_point.this : key => jsonencode([
        point.root_directory[0].path, point.posix_user[0].uid,
        point.root_directory[0].creation_info[0].permissions,
      ])
    } == { for key in ["controller", "tasks"] : key => jsonencode(["/data", 1000, "0750"]) }
    error_message = "Controller and tasks see one folder, as one user."
  }

  assert {
    condition     = keys(output.mount_targets) == ["a", "c"]
    error_message = "The first mount targets bear the caller's keys."
  }

  assert {
    condition = alltrue([
      for target in aws_efs_mount_target.initial :
      target.security_groups == toset([aws_security_group.mount_targets.id])
    ])
    error_message = "All mount targets are in one group, which the controller is told."
  }
}

run "the_list_begins_with_what_terraform_made" {
  assert {
    condition = (
      aws_ssm_parameter.mount_list.name == "/app/efs/mount-targets" &&
      [
        for target in jsondecode(aws_ssm_parameter.mount_list.value).mount_targets :
        [target.subnet_id, keys(target)]
        ] == [
        for subnet in ["subnet-a", "subnet-c"] :
        [subnet, ["availability_zone", "ip_address", "mount_target_id", "subnet_id"]]
      ]
    )
    error_message = "Containers find both mount targets from the first minute on."
  }
}

run "nothing_but_nfs_reaches_a_mount_target" {
  assert {
    condition = (
      keys(aws_vpc_security_group_ingress_rule.nfs) == ["controller", "tasks"] &&
      alltrue([
        for key, rule in aws_vpc_security_group_ingress_rule.nfs :
        rule.from_port == 2049 && rule.to_port == 2049 && rule.ip_protocol == "tcp" &&
        rule.referenced_security_group_id == local.nfs_clients[key] && rule.cidr_ipv4 == null
      ])
    )
    error_message = "Controller and tasks come in on 2049, and nobody else."
  }

  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.nfs) == ["controller", "tasks"]
    error_message = "Both may go there."
  }
}

run "max_io_with_provisioned_throughput_and_every_tier" {
  variables {
    file_system = {
      performance_mode  = "maxIO"
      throughput_mode   = "provisioned"
      provisioned_mibps = 256
      backups           = false
      lifecycle         = { to_ia = "AFTER_7_DAYS", to_primary = "AFTER_1_ACCESS" }
    }
  }

  assert {
    condition = (
      aws_efs_file_system.this.performance_mode == "maxIO" &&
      aws_efs_file_system.this.provisioned_throughput_in_mibps == 256 &&
      length(aws_efs_file_system.this.lifecycle_policy) == 2 &&
      aws_efs_file_system.this.lifecycle_policy[0].transition_to_ia == "AFTER_7_DAYS" &&
      aws_efs_backup_policy.this.backup_policy[0].status == "DISABLED"
    )
    error_message = "Modes and tiers are the caller's choice."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.io_limit) == 0
    error_message = "Max I/O has no PercentIOLimit to be alarmed by."
  }
}

run "a_file_system_that_is_protected" {
  command = plan

  variables {
    protected = true
  }

  assert {
    condition     = length(terraform_data.protection) == 1
    error_message = "A plan that would destroy the file system fails, unless told otherwise."
  }
}

run "a_file_system_that_may_be_destroyed" {
  assert {
    condition     = length(terraform_data.protection) == 0
    error_message = "Examples may be destroyed."
  }
}
