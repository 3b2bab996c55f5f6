# Bucket and region: terraform/environments/<env>.tfbackend. Key: bootstrap/terraform.tfstate.
# The very first apply makes that bucket, so it starts with local state: see README.md.
terraform {
  backend "s3" {}
}
