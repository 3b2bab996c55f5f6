# Network and endpoint come from what is running: `make up` writes them.

build         = "../../../build/local"
force_destroy = true # what is archived here are examples

# EC2 keeps the host as a record only: on this machine the command runs by itself.
host = {
  shares = {
    share = {
      server                 = "fsx-server-name"
      share                  = "share"
      credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:fsx-AbCdEf"
    }
  }
  file_server_cidrs = ["10.20.2.0/24"]
}
