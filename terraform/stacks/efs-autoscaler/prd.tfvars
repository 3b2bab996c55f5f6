# REPLACE every value that says "replace".

candidate_subnet_ids = ["subnet-replace-a", "subnet-replace-c", "subnet-replace-d"] # a zone each

service = {
  image = "222222222222.dkr.ecr.ap-northeast-1.amazonaws.com/replace:1.0.0"
}
