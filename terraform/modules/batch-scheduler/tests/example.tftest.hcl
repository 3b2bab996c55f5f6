mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    zips                = { code = "main.tf", libraries = "versions.tf" } # any file: only hashed
    password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"

    network = {
      vpc_id                     = "vpc-1"
      private_subnet_ids         = ["subnet-1", "subnet-2"]
      database_security_group_id = "sg-database"
    }
  }

  assert {
    condition     = output.schedule_rule_names == ["report-dev-schedule", "report-dev-schedule-2"]
    error_message = "The example's job runs by two schedules."
  }
}
