mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment = "prd"
  build       = "tests/build"
  network     = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-1"] }
}

run "names_that_operators_know" {
  assert {
    condition     = output.bucket == "moderation-craft-data"
    error_message = "x"
  }
}
