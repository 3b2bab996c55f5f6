# What every run is given, unless it says otherwise.

name        = "efs-autoscaler"
environment = "prd"
network = {
  vpc_id             = "vpc-1"
  private_subnet_ids = ["subnet-a", "subnet-c"]
}
mount_targets = { a = "subnet-a", c = "subnet-c" }
function = {
  code = { zip = "versions.tf" } # any file: it is only hashed
}
service = {
  image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0"
}
protected = false # tests destroy what they made
