data "aws_ssm_parameter" "ami" {
  count = var.instance.ami == null ? 1 : 0

  name = var.instance.ami_parameter
}

resource "aws_instance" "this" {
  ami           = coalesce(var.instance.ami, one(data.aws_ssm_parameter.ami[*].insecure_value))
  instance_type = var.instance.type

  subnet_id                   = var.network.subnet_id
  vpc_security_group_ids      = [aws_security_group.this.id]
  associate_public_ip_address = false

  # No key_name: people come in through Session Manager, which leaves a trail.
  iam_instance_profile    = aws_iam_instance_profile.this.name
  disable_api_termination = var.protected
  ebs_optimized           = true
  monitoring              = true

  user_data_base64            = local.user_data
  user_data_replace_on_change = false

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = var.instance.root_volume_gb
    encrypted   = true
    kms_key_id  = var.data_volume.kms_key_arn

    tags = { Name = "${var.name}-root" }
  }

  tags = { Name = var.name }

  lifecycle {
    # A newer image or a changed file of ours would stop or replace the machine under a running
    # archive. What changes often reaches it by its parameter (configuration.tf); for the rest the
    # machine is replaced on purpose, as the README tells.
    ignore_changes = [ami, user_data, user_data_base64]

    precondition {
      condition     = !data.aws_subnet.this.map_public_ip_on_launch
      error_message = "Give a private subnet: ${var.network.subnet_id} hands out public addresses."
    }
  }
}
