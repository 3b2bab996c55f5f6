mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24"]
      dns_server_cidrs  = ["10.1.9.1/32"]
      office_cidrs      = ["10.9.0.0/16"]
    }
    secrets = {
      file_server = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      page_login  = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:oidc-AbCdEf"
    }
    batch_role_arn = "arn:aws:iam::123456789012:role/restores"
    kms_key_arn    = "arn:aws:kms:ap-northeast-1:123456789012:key/1234"
  }

  assert {
    condition     = output.commands.session == "aws ssm start-session --target i-0123456789abcdef0"
    error_message = "The example's host can be worked on."
  }
}
