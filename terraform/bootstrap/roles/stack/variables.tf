variable "kinds" {
  description = "Kinds of things that a policy allows."
  type        = list(string)
  nullable    = false
}

variable "names" {
  description = "Patterns of the names of these things."
  type        = list(string)
  nullable    = false
}

variable "buckets" {
  description = "Patterns of the names of the stack's buckets."
  type        = list(string)
  nullable    = false
}

variable "own_tags" {
  description = "Tags that tell the environment's resources from those of others."
  type        = map(string)
  nullable    = false
}

variable "boundary" {
  description = "ARN of the policy that no role of the stack may exceed."
  type        = string
  nullable    = false
}

variable "account" {
  description = "Number of the account."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Region of the account that is managed."
  type        = string
  nullable    = false
}
