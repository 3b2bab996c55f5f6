output "instance_id" {
  description = "The machine."
  value       = aws_instance.this.id
}

output "data_volume_id" {
  description = "The volume that PostgreSQL is on."
  value       = aws_ebs_volume.data.id
}

output "role" {
  description = "The host's role: its name and ARN."
  value = {
    name = aws_iam_role.this.name
    arn  = aws_iam_role.this.arn
  }
}

output "security_group_id" {
  description = "The host's security group; the file servers' group lets it in on 445."
  value       = aws_security_group.this.id
}

output "page" {
  description = "Where the lookup page listens: the host's private address, port and URL."
  value = {
    address = aws_instance.this.private_ip
    port    = var.network.page.port
    url     = "http://${aws_instance.this.private_ip}:${var.network.page.port}"
  }
}

output "configuration_parameter" {
  description = "SSM parameter that tells the host its package, shares and settings: name and ARN."
  value = {
    name = aws_ssm_parameter.configuration.name
    arn  = aws_ssm_parameter.configuration.arn
  }
}

output "commands" {
  description = "What an operator types: a session, the page through a tunnel, an update at once."
  value = {
    session = "aws ssm start-session --target ${aws_instance.this.id}"
    page = join(" ", [
      "aws ssm start-session --target ${aws_instance.this.id}",
      "--document-name AWS-StartPortForwardingSession",
      "--parameters portNumber=${var.network.page.port},localPortNumber=${var.network.page.port}",
    ])
    update = join(" ", [
      "aws ssm send-command --instance-ids ${aws_instance.this.id}",
      "--document-name AWS-RunShellScript --parameters commands=archive-update",
    ])
  }
}
