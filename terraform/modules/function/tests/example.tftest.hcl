mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    zips    = { code = "main.tf", libraries = "versions.tf" } # any file: only hashed
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    file_system = {
      access_point_arn = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:access-point/fsap-1"
      file_system_arn  = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:file-system/fs-1"
    }
    secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"
  }

  assert {
    condition     = output.alias.name == "live"
    error_message = "The example's function can be called."
  }
}
