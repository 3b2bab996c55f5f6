mock_provider "aws" {
  source = "../../mocks"
}

run "only_the_page_is_open_and_only_to_those_named" {
  assert {
    condition = [
      for rule in aws_vpc_security_group_ingress_rule.page_cidrs :
      [rule.cidr_ipv4, rule.ip_protocol, rule.from_port, rule.to_port]
    ] == [["10.9.0.0/16", "tcp", 8501, 8501]]
    error_message = "The page is open to the given addresses."
  }

  assert {
    condition = [
      for rule in aws_vpc_security_group_ingress_rule.page_groups :
      [rule.referenced_security_group_id, rule.ip_protocol, rule.from_port, rule.to_port]
    ] == [["sg-office", "tcp", 8501, 8501]]
    error_message = "The page is open to the given groups."
  }

  assert {
    condition = alltrue([
      for rule in merge(
        aws_vpc_security_group_ingress_rule.page_cidrs,
        aws_vpc_security_group_ingress_rule.page_groups,
      ) : rule.from_port != 22 && rule.cidr_ipv4 != "0.0.0.0/0"
    ])
    error_message = "There is no SSH, and nothing is open to everybody."
  }
}

run "what_the_host_reaches" {
  assert {
    condition = (
      aws_vpc_security_group_egress_rule.https.from_port == 443 &&
      aws_vpc_security_group_egress_rule.https.to_port == 443
    )
    error_message = "It reaches AWS by HTTPS."
  }

  assert {
    condition = [
      for rule in aws_vpc_security_group_egress_rule.file_servers :
      [rule.cidr_ipv4, rule.ip_protocol, rule.from_port, rule.to_port]
    ] == [["10.1.2.0/24", "tcp", 445, 445]]
    error_message = "It reaches the file servers by SMB, and nothing else there."
  }

  assert {
    condition = [
      for rule in aws_vpc_security_group_egress_rule.dns :
      [rule.cidr_ipv4, rule.ip_protocol, rule.from_port, rule.to_port]
    ] == [["10.0.0.0/16", "tcp", 53, 53], ["10.0.0.0/16", "udp", 53, 53]]
    error_message = "It asks the VPC's DNS."
  }
}

run "dns_of_the_file_servers_domain" {
  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24", "10.1.3.0/24"]
      dns_server_cidrs  = ["10.1.9.1/32"]
    }
  }

  assert {
    condition = toset([
      for rule in aws_vpc_security_group_egress_rule.dns : rule.cidr_ipv4
    ]) == toset(["10.1.9.1/32"])
    error_message = "It asks the given DNS servers instead."
  }

  assert {
    condition = length(aws_vpc_security_group_egress_rule.file_servers) == 2 && length(merge(
      aws_vpc_security_group_ingress_rule.page_cidrs,
      aws_vpc_security_group_ingress_rule.page_groups,
    )) == 0
    error_message = "A host whose page is given to nobody lets nobody in."
  }
}
