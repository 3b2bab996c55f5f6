# What the module refuses, before anything is made. A run names every variable it gets wrong, and
# fails when one of them is accepted.

mock_provider "aws" {
  source = "../../mocks"
}

run "what_does_not_fit" {
  command = plan

  variables {
    name        = "Archive Host"
    instance    = { type = "t3.medium" }
    data_volume = { size_gb = 1 }
    lists       = { bucket = "kept-lists/lists" }
    package     = { bucket = "packages", key = "archive.zip", sha256 = "latest" }
    shares      = {}
    settings    = { STREAMLIT_PORT = "80" }
    alarms      = { topic_arn = "arn:aws:sns:…:alerts", no_dump_hours = 24 }
  }

  expect_failures = [
    var.name,
    var.instance,
    var.data_volume,
    var.lists,
    var.package,
    var.shares,
    var.settings,
    var.alarms,
  ]
}

run "a_bucket_by_its_uri" {
  command = plan

  variables {
    archive_bucket = "s3://kept"
  }

  expect_failures = [var.archive_bucket]
}

run "a_page_for_everybody" {
  command = plan

  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24"]
      page              = { cidrs = ["0.0.0.0/0"] }
    }
  }

  expect_failures = [var.network]
}

run "half_of_everybody" {
  command = plan

  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24"]
      page              = { cidrs = ["128.0.0.0/1"] }
    }
  }

  expect_failures = [var.network]
}

run "everybody_by_ipv6" {
  command = plan

  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24"]
      page              = { cidrs = ["::/0"] }
    }
  }

  expect_failures = [var.network]
}

run "no_file_server" {
  command = plan

  variables {
    network = { vpc_id = "vpc-1", subnet_id = "subnet-1", file_server_cidrs = [] }
  }

  expect_failures = [var.network]
}

run "a_page_on_a_privileged_port" {
  command = plan

  variables {
    network = {
      vpc_id            = "vpc-1"
      subnet_id         = "subnet-1"
      file_server_cidrs = ["10.1.2.0/24"]
      page              = { port = 443 }
    }
  }

  expect_failures = [var.network]
}

run "one_bucket_for_everything" {
  command = plan

  variables {
    lists = { bucket = "kept" }
  }

  expect_failures = [var.lists]
}

run "dumps_everywhere_in_the_bucket" {
  command = plan

  variables {
    lists = { bucket = "kept-lists", dumps_prefix = "*" }
  }

  expect_failures = [var.lists]
}

run "any_package" {
  command = plan

  variables {
    package = {
      bucket = "packages"
      key    = "archive/*"
      sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
  }

  expect_failures = [var.package]
}

run "a_share_in_one_piece" {
  command = plan

  variables {
    shares = {
      main = {
        server                 = "fsx-server-name"
        share                  = "\\\\fsx-server-name\\share"
        credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      }
    }
  }

  expect_failures = [var.shares]
}

run "every_secret" {
  command = plan

  variables {
    page_login_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:*"
    shares = {
      main = {
        server                 = "fsx-server-name"
        share                  = "share"
        credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:*"
      }
    }
  }

  expect_failures = [var.shares, var.page_login_secret_arn]
}

run "a_password_among_the_settings" {
  command = plan

  variables {
    settings = { DB_PASSWORD = "secret" }
  }

  expect_failures = [var.settings]
}

run "a_setting_that_ends_its_quotes" {
  command = plan

  variables {
    settings = { ARCHIVE_MARKER_SUFFIX = "'; reboot; '" }
  }

  expect_failures = [var.settings]
}

run "any_role_any_key_a_boundary_by_name" {
  command = plan

  variables {
    access = {
      batch_role_arn = "arn:aws:iam::123456789012:role/*"
      kms_key_arns   = ["alias/kept"]
      boundary       = "batchworks-dev-boundary"
    }
  }

  expect_failures = [var.access]
}
