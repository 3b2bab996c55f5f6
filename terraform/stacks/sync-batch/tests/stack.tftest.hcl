mock_provider "aws" {
  source = "../../mocks"
}

variables {
  environment = "prd"
  build       = "tests/build"
  network = {
    vpc_id                     = "vpc-1"
    private_subnet_ids         = ["subnet-1", "subnet-2"]
    database_security_group_id = "sg-database"
  }
  permissions_boundary = "arn:aws:iam::123456789012:policy/batchworks-prd-boundary"
  database = {
    host                = "db.example.com"
    password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"
  }
  youtube = {
    api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
    channels           = ["UCabcdefghijklmnopqrstuv", "@handle"]
  }
}

run "names_that_operators_know" {
  assert {
    condition     = output.function_name == "sync-batch-prd"
    error_message = "The function is sync-batch-<env>."
  }

  assert {
    condition     = output.log_group_name == "/aws/lambda/sync-batch-prd"
    error_message = "The log group is /aws/lambda/sync-batch-<env>."
  }

  assert {
    condition     = output.schedule_rule_names == ["sync-batch-prd-schedule"]
    error_message = "The schedule's rule is sync-batch-<env>-schedule."
  }

  assert {
    condition     = output.manual_rule_name == "sync-batch-prd-manual"
    error_message = "The manual rule is sync-batch-<env>-manual."
  }
}

run "settings_of_the_function" {
  assert {
    condition = local.settings == {
      ENVIRONMENT                = "prd"
      DB_HOST                    = "db.example.com"
      DB_PORT                    = "5432"
      DB_PASSWORD_SECRET_ARN     = var.database.password_secret_arn
      YOUTUBE_API_KEY_SECRET_ARN = var.youtube.api_key_secret_arn
      YOUTUBE_CHANNELS           = "UCabcdefghijklmnopqrstuv,@handle"
    }
    error_message = "The function gets what the settings say; for the rest, a settings layer or its own defaults."
  }

  assert {
    condition = local.access == {
      secrets       = [var.database.password_secret_arn, var.youtube.api_key_secret_arn]
      read_objects  = []
      write_objects = []
      boundary      = "arn:aws:iam::123456789012:policy/batchworks-prd-boundary"
    }
    error_message = "The function reads its two secrets, and no object, within the boundary."
  }
}

run "channels_and_days_in_s3" {
  variables {
    csv_bucket = "data"
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels_csv       = "s3://settings/youtube/channels.csv"
      endpoint           = "http://127.0.0.1:8080"
    }
    function = { settings_layer = "tests/build/layer-batchworks.zip" }
  }

  assert {
    condition = (
      local.settings.YOUTUBE_CHANNELS == "s3://settings/youtube/channels.csv" &&
      local.settings.YOUTUBE_ENDPOINT == "http://127.0.0.1:8080" &&
      local.settings.CSV_BUCKET == "data"
    )
    error_message = "The function is told where the channels are and where the days go."
  }

  assert {
    condition = (
      local.access.read_objects == ["settings/youtube/channels.csv", "data/raw/youtube/*"] &&
      local.access.write_objects == ["data/raw/youtube/*"]
    )
    error_message = "The function reads that one object, and works below raw/youtube."
  }

  assert {
    condition     = keys(local.layers) == ["batchworks", "libraries", "settings"]
    error_message = "The settings file comes as a layer."
  }
}

run "an_address_with_a_port_and_no_channels" {
  command = plan

  variables {
    environment = "Production"
    csv_bucket  = "s3://data/raw"
    function    = { log_level = "info" }
    database = {
      host                = "postgres://db.example.com:5432"
      password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"
    }
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
    }
  }

  expect_failures = [
    var.environment, var.csv_bucket, var.function, var.database, var.youtube,
  ]
}

run "channels_twice_and_an_unknown_sslmode" {
  command = plan

  variables {
    database = {
      host                = "db.example.com"
      sslmode             = "on"
      password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"
    }
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = ["@handle"]
      channels_csv       = "s3://settings/youtube/channels.csv"
    }
  }

  expect_failures = [var.database, var.youtube]
}

run "a_channel_by_its_address" {
  command = plan

  variables {
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = ["https://www.youtube.com/@handle"]
    }
  }

  expect_failures = [var.youtube]
}

run "more_channels_than_settings_hold" {
  command = plan

  variables {
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = [for n in range(200) : format("UC%022d", n)]
    }
  }

  expect_failures = [var.youtube]
}

run "what_the_function_would_refuse" {
  command = plan

  variables {
    function = { timeout = 30 }
    database = {
      host                = "db.example.com"
      sslmode             = "verify-full"
      password_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"
    }
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = ["@handle"]
      workers            = 100
    }
  }

  expect_failures = [var.function, var.database, var.youtube]
}

run "half_a_unit_of_quota" {
  command = plan

  variables {
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = ["@handle"]
      quota_budget       = 0.5
    }
  }

  expect_failures = [var.youtube]
}

run "an_endpoint_that_would_see_the_key" {
  command = plan

  variables {
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels           = ["@handle"]
      endpoint           = "http://10.0.0.5"
    }
  }

  expect_failures = [var.youtube]
}

run "channels_in_a_folder" {
  command = plan

  variables {
    youtube = {
      api_key_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf"
      channels_csv       = "s3://settings/youtube/"
    }
  }

  expect_failures = [var.youtube]
}
