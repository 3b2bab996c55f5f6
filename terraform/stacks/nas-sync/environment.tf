# What an environment gives to every stack: terraform/environments/<env>.tfvars.

variable "environment" {
  description = "Name of the environment; every name ends in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "Write 2 to 10 small letters and digits, such as local, dev or prd."
  }
}

variable "region" {
  description = "AWS region of everything in this stack."
  type        = string
  default     = "ap-northeast-1"
  nullable    = false
}

# tflint-ignore: terraform_unused_declarations # not every stack has something in the network
variable "network" {
  description = "Existing VPC, private subnets with a NAT gateway, the database's security group."
  type = object({
    vpc_id                     = string
    private_subnet_ids         = list(string)
    database_security_group_id = optional(string)
  })
  nullable = false
}

variable "alerts" {
  description = "Who is told of alarms."
  type = object({
    emails = optional(set(string), [])
  })
  default  = {}
  nullable = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that no role may exceed; terraform/bootstrap makes it."
  type        = string
  default     = null
}
