locals {
  # A list of one element or none.
  channels_csv = var.youtube.channels_csv[*]

  layers = merge(
    {
      batchworks = "${var.build}/layer-batchworks.zip"
      libraries  = "${var.build}/layer-sync-batch.zip"
    },
    { for zip in var.function.settings_layer[*] : "settings" => zip },
  )

  # A day's files are read, added to and written again.
  days = [for bucket in var.csv_bucket[*] : "${bucket}/raw/youtube/*"]

  access = {
    secrets       = [var.database.password_secret_arn, var.youtube.api_key_secret_arn]
    read_objects  = concat([for uri in local.channels_csv : trimprefix(uri, "s3://")], local.days)
    write_objects = local.days
    boundary      = var.permissions_boundary
  }

  # What the function reads from its environment. A setting that is null is left to its default.
  settings = {
    for name, value in {
      ENVIRONMENT = var.environment
      LOG_LEVEL   = var.function.log_level

      DB_HOST                = var.database.host
      DB_PORT                = var.database.port
      DB_NAME                = var.database.name
      DB_USERNAME            = var.database.username
      DB_SSLMODE             = var.database.sslmode
      DB_PASSWORD_SECRET_ARN = var.database.password_secret_arn

      YOUTUBE_API_KEY_SECRET_ARN = var.youtube.api_key_secret_arn
      YOUTUBE_CHANNELS           = one(concat(local.channels_csv, local.channels_list))
      YOUTUBE_QUOTA_BUDGET       = var.youtube.quota_budget
      YOUTUBE_WORKERS            = var.youtube.workers
      YOUTUBE_ENDPOINT           = var.youtube.endpoint

      CSV_BUCKET = var.csv_bucket
    } : name => tostring(value) if value != null
  }

  channels_list = var.youtube.channels_csv == null ? [join(",", var.youtube.channels)] : []
}
