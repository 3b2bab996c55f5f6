# What every run is given, unless it says otherwise.

name           = "keeper"
archive_bucket = "kept"
lists          = { bucket = "kept-lists" }
network = {
  vpc_id            = "vpc-1"
  subnet_id         = "subnet-1"
  file_server_cidrs = ["10.1.2.0/24"]
  page              = { cidrs = ["10.9.0.0/16"], security_group_ids = ["sg-office"] }
}
shares = {
  main = {
    server                 = "fsx-server-name"
    share                  = "share"
    credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
  }
}
package = {
  bucket = "packages"
  key    = "archive/archive.zip"
  sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}
alarms = { topic_arn = "arn:aws:sns:ap-northeast-1:123456789012:alerts" }
