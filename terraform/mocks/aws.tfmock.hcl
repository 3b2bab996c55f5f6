# What the mocked AWS of `terraform test` answers where a made-up word would not do: ARNs that the
# provider checks, and the account that policies name.

mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { name = "ap-northeast-1" }
}

mock_data "aws_secretsmanager_secret_version" {
  defaults = { secret_string = "{\"user\": \"reader\", \"password\": \"a-test-password\"}" }
}

mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}

mock_data "aws_subnet" {
  defaults = { availability_zone = "ap-northeast-1a", map_public_ip_on_launch = false }
}

mock_data "aws_vpc" {
  defaults = { cidr_block = "10.0.0.0/16" }
}

mock_resource "aws_autoscaling_group" {
  defaults = {
    arn = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:1111:autoScalingGroupName/machines"
  }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = { arn = "arn:aws:events:ap-northeast-1:123456789012:rule/report-schedule" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/lambda/report" }
}

mock_resource "aws_customer_gateway" {
  defaults = { id = "cgw-0123456789abcdef0" }
}

mock_resource "aws_datasync_agent" {
  defaults = { arn = "arn:aws:datasync:ap-northeast-1:123456789012:agent/agent-0123456789abcdef0" }
}

mock_resource "aws_datasync_location_nfs" {
  defaults = { arn = "arn:aws:datasync:ap-northeast-1:123456789012:location/loc-0123456789abcdef1" }
}

mock_resource "aws_datasync_location_s3" {
  defaults = { arn = "arn:aws:datasync:ap-northeast-1:123456789012:location/loc-0123456789abcdef2" }
}

mock_resource "aws_datasync_location_smb" {
  defaults = { arn = "arn:aws:datasync:ap-northeast-1:123456789012:location/loc-0123456789abcdef3" }
}

mock_resource "aws_datasync_task" {
  defaults = { arn = "arn:aws:datasync:ap-northeast-1:123456789012:task/task-0123456789abcdef0" }
}

mock_resource "aws_ebs_volume" {
  defaults = { id = "vol-0123456789abcdef0" }
}

mock_resource "aws_ecs_cluster" {
  defaults = {
    arn = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/report"
    id  = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/report"
  }
}

mock_resource "aws_ecs_service" {
  defaults = { id = "arn:aws:ecs:ap-northeast-1:123456789012:service/report/report" }
}

mock_resource "aws_ecs_task_definition" {
  defaults = { arn = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/report:1" }
}

mock_resource "aws_efs_access_point" {
  defaults = {
    arn = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:access-point/fsap-0123456789abcdef0"
    id  = "fsap-0123456789abcdef0"
  }
}

mock_resource "aws_efs_file_system" {
  defaults = {
    arn = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:file-system/fs-0123456789abcdef0"
    id  = "fs-0123456789abcdef0"
  }
}

mock_resource "aws_iam_instance_profile" {
  defaults = { arn = "arn:aws:iam::123456789012:instance-profile/machines" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/report" }
}

# No name of a key, as AWS answers when none was given.
mock_resource "aws_instance" {
  defaults = { id = "i-0123456789abcdef0", key_name = "", private_ip = "10.0.1.2" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_lambda_alias" {
  defaults = { arn = "arn:aws:lambda:ap-northeast-1:123456789012:function:report:live" }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn     = "arn:aws:lambda:ap-northeast-1:123456789012:function:report"
    version = "7"
  }
}

mock_resource "aws_lambda_layer_version" {
  defaults = { arn = "arn:aws:lambda:ap-northeast-1:123456789012:layer:report-libraries:1" }
}

mock_resource "aws_launch_template" {
  defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
}

mock_resource "aws_security_group" {
  defaults = {
    arn = "arn:aws:ec2:ap-northeast-1:123456789012:security-group/sg-function"
    id  = "sg-function"
  }
}

mock_resource "aws_sfn_state_machine" {
  defaults = { arn = "arn:aws:states:ap-northeast-1:123456789012:stateMachine:CIS-Monthly-Batch-Sync" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:ap-northeast-1:123456789012:report-alerts" }
}

mock_resource "aws_sqs_queue" {
  defaults = { arn = "arn:aws:sqs:ap-northeast-1:123456789012:report-dlq" }
}

mock_resource "aws_ssm_parameter" {
  defaults = {
    arn = "arn:aws:ssm:ap-northeast-1:123456789012:parameter/batchworks/keeper/configuration"
  }
}

mock_resource "aws_vpc_endpoint" {
  defaults = { id = "vpce-0123456789abcdef0", network_interface_ids = ["eni-0123456789abcdef0"] }
}

mock_resource "aws_vpn_connection" {
  defaults = { id = "vpn-0123456789abcdef0" }
}

mock_resource "aws_vpn_gateway" {
  defaults = { id = "vgw-0123456789abcdef0" }
}
