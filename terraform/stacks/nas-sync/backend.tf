# Bucket and region: terraform/environments/<env>.tfbackend. Key: <env>/<stack>.tfstate.
terraform {
  backend "s3" {}
}
