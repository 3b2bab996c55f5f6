# REPLACE every value that says "replace".

database = {
  host                = "replace.abcdefghijkl.ap-northeast-1.rds.amazonaws.com"
  password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:replace-AbCdEf"
}

youtube = {
  api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:replace-AbCdEf"
  channels           = ["@replace-with-a-handle", "UCreplaceWithAChannelId1"]
  quota_budget       = 1000 # development shares the key's 10,000 units a day
}

csv_bucket = "replace-batchworks-dev"
