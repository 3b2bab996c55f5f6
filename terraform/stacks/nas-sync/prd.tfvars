# REPLACE every value that says "replace".

# The secret's name begins with CIS-NAS-: Terraform may read this one (bootstrap).
nas = {
  server_hostname = "nas-replace"
  subdirectory    = "/share"
  secret_arn      = "arn:aws:secretsmanager:ap-northeast-1:222222222222:secret:CIS-NAS-replace-AbCdEf"
  cidr            = "192.168.10.0/24" # replace: the network of NAS and DataSync agent
}

vpn = {
  mode                      = "on_demand"
  router_ip                 = "203.0.113.10" # replace: the router's public address
  preshared_keys_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:222222222222:secret:replace-AbCdEf"
}

route_table_ids = ["rtb-replace"] # of the first private subnet

# Comes by one call to the agent once the endpoint is there (README); without it there is no task.
# agent = { activation_key = "replace" }

search = {
  endpoint   = "https://replace.ap-northeast-1.es.amazonaws.com"
  domain_arn = "arn:aws:es:ap-northeast-1:222222222222:domain/replace"
}

# As `make model` prints them.
model = {
  key    = "models/resnet50-imagenet1k-v2.onnx"
  sha256 = "0000000000000000000000000000000000000000000000000000000000000000" # replace
}

slack_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:222222222222:secret:replace-AbCdEf"

# buckets = { raw = "replace", archive = "replace" } # if ours are taken in AWS
