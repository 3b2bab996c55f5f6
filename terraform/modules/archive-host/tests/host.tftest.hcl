mock_provider "aws" {
  source = "../../mocks"
}

run "a_private_machine_without_keys" {
  assert {
    condition     = aws_instance.this.key_name == ""
    error_message = "Nobody comes in with a key."
  }

  assert {
    condition = (
      aws_instance.this.associate_public_ip_address == false &&
      aws_instance.this.subnet_id == "subnet-1"
    )
    error_message = "The host is in the private subnet, without a public address."
  }

  assert {
    condition = aws_instance.this.metadata_options[0] == {
      http_endpoint               = "enabled"
      http_protocol_ipv6          = aws_instance.this.metadata_options[0].http_protocol_ipv6
      http_put_response_hop_limit = 1
      http_tokens                 = "required"
      instance_metadata_tags      = aws_instance.this.metadata_options[0].instance_metadata_tags
    }
    error_message = "Credentials are given to the machine itself only, by IMDSv2."
  }

  assert {
    condition = (
      aws_instance.this.root_block_device[0].encrypted &&
      aws_ebs_volume.data.encrypted && aws_ebs_volume.data.type == "gp3"
    )
    error_message = "Both disks are encrypted."
  }

  assert {
    condition = (
      aws_instance.this.ami == "ami-0123456789abcdef0" &&
      data.aws_ssm_parameter.ami[0].name ==
      "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    )
    error_message = "The machine is made of the newest Amazon Linux 2023 for arm64."
  }

  assert {
    condition     = aws_instance.this.monitoring && aws_instance.this.ebs_optimized
    error_message = "The machine is measured by the minute."
  }

  assert {
    condition     = aws_instance.this.iam_instance_profile == "keeper"
    error_message = "The machine has a role of its own."
  }
}

run "the_data_outlive_the_machine" {
  assert {
    condition = (
      aws_volume_attachment.data.volume_id == aws_ebs_volume.data.id &&
      aws_volume_attachment.data.instance_id == aws_instance.this.id &&
      aws_volume_attachment.data.stop_instance_before_detaching
    )
    error_message = "PostgreSQL's disk is a volume of its own and never taken from under it."
  }

  assert {
    condition     = aws_ebs_volume.data.availability_zone == "ap-northeast-1a"
    error_message = "The volume is where the machine is."
  }

  assert {
    condition     = aws_instance.this.disable_api_termination && aws_ebs_volume.data.final_snapshot
    error_message = "The machine can't be ended by mistake, and the volume leaves a snapshot."
  }

  assert {
    condition     = aws_instance.this.user_data_replace_on_change == false
    error_message = "A changed file of ours never replaces the machine."
  }
}

run "a_host_to_try_can_be_ended" {
  variables {
    protected = false
  }

  assert {
    condition = (
      !aws_instance.this.disable_api_termination && !aws_ebs_volume.data.final_snapshot
    )
    error_message = "protected = false ends it without more ado."
  }
}

run "an_image_and_keys_of_ones_own" {
  state_key = "another" # a machine keeps the image that it was made of

  variables {
    instance = { ami = "ami-0f0f0f0f", type = "m7g.large" }
    data_volume = {
      size_gb     = 200
      kms_key_arn = "arn:aws:kms:ap-northeast-1:123456789012:key/1234"
    }
  }

  assert {
    condition     = aws_instance.this.ami == "ami-0f0f0f0f" && length(data.aws_ssm_parameter.ami) == 0
    error_message = "A given image is taken, and none is looked up."
  }

  assert {
    condition = (
      aws_ebs_volume.data.kms_key_id == var.data_volume.kms_key_arn &&
      aws_instance.this.root_block_device[0].kms_key_id == var.data_volume.kms_key_arn &&
      aws_ebs_volume.data.size == 200
    )
    error_message = "Both disks are under the given key."
  }
}

run "a_machine_keeps_its_image" {
  variables {
    instance = { ami = "ami-0e0e0e0e" }
  }

  assert {
    condition     = aws_instance.this.ami == "ami-0123456789abcdef0"
    error_message = "A newer image doesn't replace the machine by itself."
  }
}

run "a_public_subnet_is_refused" {
  command = plan

  override_data {
    target = data.aws_subnet.this
    values = { map_public_ip_on_launch = true }
  }

  expect_failures = [aws_instance.this]
}
