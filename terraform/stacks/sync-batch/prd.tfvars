# REPLACE every value that says "replace".

# Manual events without an environment start this one, also where dev shares the account.
default_environment = true

database = {
  host                = "replace.abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
  sslmode             = "require"
  password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:222222222222:secret:replace-AbCdEf"
}

youtube = {
  api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:222222222222:secret:replace-AbCdEf"
  channels_csv       = "s3://replace-batchworks-prd/settings/channels.csv"
}

csv_bucket = "replace-batchworks-prd"
