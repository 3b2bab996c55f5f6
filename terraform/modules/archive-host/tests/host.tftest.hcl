mock_provider "aws" {
  source = "../../mocks"
}

run "a_private_machine_without_keys" {
  assert {
    condition     = aws_instance.this.key_name == null || aws_instance.this.key_name == ""
    error_message = "Nobody comes in with a key."
  }

  assert {
    condition = (
      aws_instance.this.associate_public_ip_address == false &&
      aws_instance.this.subnet_id == "subnet-1"
    )
    error_message = "The host is in the private subnet, without a public address."
  }
}
