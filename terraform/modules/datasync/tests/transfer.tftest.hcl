mock_provider "aws" {
  source = "../../mocks"
}

run "a_transfer_by_the_contract" {
  assert {
    condition = [
      for options in aws_datasync_task.this[0].options : [
        options.verify_mode, options.overwrite_mode, options.atime, options.mtime, options.uid,
        options.gid, options.posix_permissions, options.preserve_devices,
        options.security_descriptor_copy_flags, options.preserve_deleted_files,
        tostring(options.bytes_per_second), options.task_queueing, options.log_level,
        options.transfer_mode,
      ]
      ] == [[
        "POINT_IN_TIME_CONSISTENT", "ALWAYS", "BEST_EFFORT", "PRESERVE", "NONE", "NONE", "NONE",
        "NONE", "NONE", "REMOVE", "12500000", "ENABLED", "TRANSFER", "CHANGED",
    ]]
    error_message = "What changed comes as it was at one moment, at 100 Mbps, and deletions with it."
  }

  assert {
    condition = (
      aws_datasync_task.this[0].excludes[0].value == "*.tmp|~$*|Thumbs.db|.DS_Store|*/~$*|*/Thumbs.db|*/.DS_Store" &&
      length(aws_datasync_task.this[0].includes) == 0
    )
    error_message = "What nobody wants is left out, by one filter; all else comes."
  }

  assert {
    condition = (
      one(aws_datasync_location_smb.nas).server_hostname == "nas.example.internal" &&
      one(aws_datasync_location_smb.nas).user == "reader" &&
      one(aws_datasync_location_smb.nas).mount_options[0].version == "SMB3" &&
      length(aws_datasync_location_nfs.nas) == 0
    )
    error_message = "The share is read by SMB 3, with the user of the secret."
  }

  assert {
    condition = (
      aws_datasync_location_s3.raw[0].subdirectory == "/monthly-sync/" &&
      aws_datasync_location_s3.raw[0].s3_storage_class == "INTELLIGENT_TIERING"
    )
    error_message = "Files lie below monthly-sync/ and tier by themselves."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.transfer.policy).Statement : statement.Resource
      ] == [
      ["arn:aws:s3:::cis-filesearch-raw-files"],
      ["arn:aws:s3:::cis-filesearch-raw-files/monthly-sync/*"],
    ]
    error_message = "DataSync writes files, not manifests and not the archive."
  }

  assert {
    condition = (
      aws_datasync_agent.this[0].vpc_endpoint_id == aws_vpc_endpoint.datasync.id &&
      aws_vpc_endpoint.datasync.service_name == "com.amazonaws.ap-northeast-1.datasync"
    )
    error_message = "The agent is activated privately, through the endpoint."
  }

  assert {
    condition = alltrue([
      for rule in aws_vpc_security_group_ingress_rule.agent : rule.cidr_ipv4 == "192.168.10.0/24"
    ])
    error_message = "Only the NAS's network reaches the endpoint."
  }
}

run "nfs_and_filters" {
  variables {
    nas = { server_hostname = "nas", subdirectory = "/export", protocol = "NFS" }
    transfer = {
      includes               = ["*.pdf", "*.docx"]
      bytes_per_second       = 6250000
      preserve_deleted_files = "PRESERVE"
      storage_class          = "STANDARD"
    }
  }

  assert {
    condition = (
      one(aws_datasync_location_nfs.nas).mount_options[0].version == "NFS4_0" &&
      length(aws_datasync_location_smb.nas) == 0 &&
      length(data.aws_secretsmanager_secret_version.nas) == 0
    )
    error_message = "NFS needs no password."
  }

  assert {
    condition     = aws_datasync_task.this[0].includes[0].value == "*.pdf|*.docx"
    error_message = "What is to come is one filter, too."
  }

  assert {
    condition     = local.settings.FileScanner.PRESERVE_DELETED_FILES == "PRESERVE"
    error_message = "The scan knows that it can't see deletions."
  }
}

run "a_connection_that_stays" {
  assert {
    condition = (
      output.vpn.connection_id == "vpn-0123456789abcdef0" && output.vpn.address_parameter == null &&
      one(aws_vpn_connection_route.nas).destination_cidr_block == "192.168.10.0/24" &&
      keys(aws_vpn_gateway_route_propagation.this) == ["rtb-1"]
    )
    error_message = "Terraform has the connection, and the VPC finds the NAS."
  }

  assert {
    condition = (
      local.settings.VPNManager == {
        VPN_MODE          = "always_on"
        VPN_CONNECTION_ID = "vpn-0123456789abcdef0"
      } &&
      keys(local.vpn_statements) == ["SeeConnections"]
    )
    error_message = "VPNManager checks it and can neither make nor delete one."
  }
}

run "a_connection_for_each_run" {
  variables {
    vpn = {
      mode                      = "on_demand"
      router_ip                 = "203.0.113.10"
      preshared_keys_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:vpn-AbCdEf"
    }
  }

  assert {
    condition = (
      output.vpn.connection_id == null &&
      output.vpn.address_parameter == "/cis-filesearch/vpn/outside-addresses"
    )
    error_message = "Terraform has no connection; the router's people find addresses in SSM."
  }

  assert {
    condition = local.settings.VPNManager == {
      VPN_MODE                  = "on_demand"
      TOPIC_ARN                 = aws_sns_topic.this.arn
      CUSTOMER_GATEWAY_ID       = "cgw-0123456789abcdef0"
      VPN_GATEWAY_ID            = "vgw-0123456789abcdef0"
      PRESHARED_KEYS_SECRET_ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:vpn-AbCdEf"
      INSIDE_CIDRS              = "169.254.100.0/30,169.254.100.4/30"
      NAS_CIDR                  = "192.168.10.0/24"
      ADDRESS_PARAMETER         = "/cis-filesearch/vpn/outside-addresses"
    }
    error_message = "VPNManager is told what a connection is made of."
  }

  assert {
    condition = (
      local.vpn_statements.MakeConnection.resources == [
        "arn:aws:ec2:ap-northeast-1:123456789012:customer-gateway/cgw-0123456789abcdef0",
        "arn:aws:ec2:ap-northeast-1:123456789012:vpn-gateway/vgw-0123456789abcdef0",
        "arn:aws:ec2:ap-northeast-1:123456789012:vpn-connection/*",
      ] &&
      local.vpn_statements.ChangeConnection.condition.StringEquals == {
        "ec2:ResourceTag/Application" = ["CIS-FileSearch"]
        "ec2:ResourceTag/ManagedBy"   = ["VPNManager"]
      }
    )
    error_message = "It makes connections between these gateways, and deletes the system's only."
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this), "idle-vpn")
    error_message = "A connection that was left over is an alarm."
  }
}
