mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    protected      = false # tests destroy what they made
    activation_key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
    network = {
      vpc_id         = "vpc-1"
      subnets        = { a = "subnet-a", c = "subnet-c" }
      route_table_id = "rtb-1"
    }
    secrets = {
      preshared_keys = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:vpn-AbCdEf"
      slack          = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:slack-AbCdEf"
    }
    zips = {
      code = "main.tf"
      layers = {
        batchworks = "main.tf"
        nas_sync   = "outputs.tf"
        text       = "search.tf"
        images     = "alerts.tf"
      }
    }
  }

  assert {
    condition     = strcontains(output.run, "start-execution")
    error_message = "The example tells how to start it."
  }
}
