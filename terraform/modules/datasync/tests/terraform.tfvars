# What every run is given, unless it says otherwise.

environment = "prd"
buckets = {
  raw     = { name = "cis-filesearch-raw-files", arn = "arn:aws:s3:::cis-filesearch-raw-files" }
  archive = { name = "cis-filesearch-archived-files", arn = "arn:aws:s3:::cis-filesearch-archived-files" }
}
network = {
  vpc_id          = "vpc-1"
  subnet_id       = "subnet-1"
  route_table_ids = ["rtb-1"]
  nas_cidr        = "192.168.10.0/24"
}
vpn   = { router_ip = "203.0.113.10" }
agent = { activation_key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" }
nas = {
  server_hostname = "nas.example.internal"
  subdirectory    = "/share/documents"
  secret_arn      = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:nas-AbCdEf"
}
functions = {
  zip = "versions.tf" # any file: it is only hashed
  layers = {
    batchworks = "main.tf"
    nas_sync   = "outputs.tf"
    text       = "search.tf"
    images     = "alerts.tf"
  }
}
model = {
  key    = "models/resnet50.onnx"
  sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
}
search = {
  endpoint   = "https://search-files.ap-northeast-1.es.amazonaws.com"
  domain_arn = "arn:aws:es:ap-northeast-1:123456789012:domain/files"
}
alerts = {
  emails           = ["it@example.com"]
  slack_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:slack-AbCdEf"
}
protected = false # tests destroy what they made
