mock_provider "aws" {
  source = "../../mocks"
}

run "with_the_database_s_group" {
  variables {
    network = {
      vpc_id             = "vpc-1"
      private_subnet_ids = ["subnet-1", "subnet-2"]
      database           = { port = 5432, security_group_id = "sg-database" }
    }
  }

  assert {
    condition     = aws_security_group.function[0].vpc_id == "vpc-1"
    error_message = "The function's security group is in the VPC."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.https[0].cidr_ipv4 == "0.0.0.0/0" &&
      aws_vpc_security_group_egress_rule.https[0].from_port == 443 &&
      aws_vpc_security_group_egress_rule.https[0].to_port == 443
    )
    error_message = "The function reaches HTTPS anywhere."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.database[*].referenced_security_group_id == [
        "sg-database"
      ] &&
      aws_vpc_security_group_egress_rule.database[0].cidr_ipv4 == null &&
      aws_vpc_security_group_egress_rule.database[0].from_port == 5432 &&
      aws_vpc_security_group_egress_rule.database[0].to_port == 5432
    )
    error_message = "The function reaches the database's group, on its port."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.database[0].security_group_id == "sg-database" &&
      aws_vpc_security_group_ingress_rule.database[*].referenced_security_group_id == [
        "sg-function"
      ] &&
      aws_vpc_security_group_ingress_rule.database[0].from_port == 5432 &&
      aws_vpc_security_group_ingress_rule.database[0].to_port == 5432
    )
    error_message = "The database lets the function in, on its port."
  }
}

run "without_the_database_s_group" {
  variables {
    network = {
      vpc_id             = "vpc-1"
      private_subnet_ids = ["subnet-1"]
      database           = { port = 5433 }
    }
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.database[0].cidr_ipv4 == "10.0.0.0/16" &&
      aws_vpc_security_group_egress_rule.database[0].from_port == 5433
    )
    error_message = "The function reaches the database's port in the VPC."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.database) == 0
    error_message = "No group that wasn't given is touched."
  }
}

run "without_a_database" {
  variables {
    network = { vpc_id = "vpc-1", private_subnet_ids = ["subnet-1"] }
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.database) == 0
    error_message = "No port is opened for a database that isn't there."
  }
}
