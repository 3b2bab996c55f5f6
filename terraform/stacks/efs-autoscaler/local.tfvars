# Network and candidate subnets come from what is running: `make up` writes them.

build     = "../../../build/local"
protected = false # what lies here are examples

service = {
  image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app:1.0.0" # nobody fetches it here
}
