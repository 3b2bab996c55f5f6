# Rules about Terraform itself; they come with tflint.
# For rules about AWS (they are downloaded): tflint --init --config=.tflint.aws.hcl
plugin "terraform" {
  enabled = true
  preset  = "recommended"
}
