mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = module.efs.data.aws_subnet.initial["subnet-c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

variables {
  environment = "dev"
  build       = "tests/build"
  protected   = false
  network = {
    vpc_id             = "vpc-1"
    private_subnet_ids = ["subnet-a", "subnet-c"]
  }
  candidate_subnet_ids = ["subnet-a", "subnet-c", "subnet-d"]
  permissions_boundary = "arn:aws:iam::123456789012:policy/batchworks-dev-boundary"
  service = {
    image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
  }
}

run "names_tell_the_environment" {
  assert {
    condition = [
      output.function_name, output.service.cluster, output.service.name, output.list_parameter.name,
      ] == [
      "efs-autoscaler-dev", "efs-autoscaler-dev", "efs-autoscaler-dev", "/app/efs/mount-targets-dev",
    ]
    error_message = "Outside of production names end in the environment."
  }

  assert {
    condition     = keys(output.mount_targets) == ["subnet-a", "subnet-c"]
    error_message = "The first mount targets are where controller and tasks run."
  }
}

run "names_are_exact_in_production" {
  command = plan

  variables {
    environment = "prd"
    protected   = true
  }

  assert {
    condition     = output.list_parameter.name == "/app/efs/mount-targets"
    error_message = "Production's list bears no suffix."
  }

  assert {
    condition     = module.efs.service.name == "efs-autoscaler"
    error_message = "Nor does its service."
  }
}

run "production_without_protection" {
  command = plan

  variables {
    environment = "prd"
  }

  expect_failures = [var.protected]
}
