mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = module.files.data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    protected = false # tests destroy what they made
    zips      = { code = "main.tf", batchworks = "outputs.tf", libraries = "versions.tf" }
    image     = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
    network = {
      vpc_id  = "vpc-1"
      subnets = { a = "subnet-a", c = "subnet-c", d = "subnet-d" }
    }
  }

  assert {
    condition     = output.list_parameter == "/app/efs/incoming-files"
    error_message = "The example's containers find their list."
  }
}
