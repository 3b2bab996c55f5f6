# REPLACE every value that says "replace".

# Decided once: the archive list names the bucket of every file.
buckets = {
  archive = "replace-archive-dev"
  lists   = "replace-archive-lists-dev"
}

host = {
  shares = {
    share = {
      server                 = "fsx-replace"
      share                  = "share"
      credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:replace-AbCdEf"
    }
  }
  file_server_cidrs = ["10.0.0.0/16"]            # replace: the file servers' subnets
  page              = { cidrs = ["10.0.0.0/8"] } # replace: who may open the lookup page
}
