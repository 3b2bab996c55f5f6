# Settings of an environment that cannot be meant. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan
}

run "local_needs_no_roles" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    environment = "local"
  }

  expect_failures = [var.environment]
}

run "a_vpc_that_was_not_filled_in" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    network = { vpc_id = "vpc-replace" }
  }

  expect_failures = [var.network]
}

run "a_group_that_was_not_filled_in" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    network = { vpc_id = "vpc-0a1b2c3d", database_security_group_id = "sg-replace" }
  }

  expect_failures = [var.network]
}
