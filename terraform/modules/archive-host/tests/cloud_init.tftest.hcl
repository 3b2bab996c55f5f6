# What a machine is told. That cloud-init, systemd and bash understand it is tested in
# tests/unit/archive_host, which takes the user data out of the first run here.

mock_provider "aws" {
  source = "../../mocks"
}

run "the_host_sets_itself_up" {
  variables {
    page_login_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:oidc-AbCdEf"
    access                = { batch_role_arn = "arn:aws:iam::123456789012:role/restores" }
    settings              = { ARCHIVE_MARKER_SUFFIX = "_保管済.txt" }
    shares = {
      main = {
        server                 = "fsx-server-name"
        share                  = "share"
        credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      }
      sales = {
        server                 = "fsx-server-name"
        share                  = "営業 共有$"
        address                = "10.1.2.3"
        credentials_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      }
    }
  }

  # gzip and base64 make four characters of three bytes.
  assert {
    condition     = length(aws_instance.this.user_data_base64) / 4 * 3 <= 16384
    error_message = "EC2 takes 16 KB of user data."
  }

  assert {
    condition = jsondecode(aws_ssm_parameter.configuration.value).package == {
      bucket = "packages"
      key    = "archive/archive.zip"
      sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
    error_message = "The host reads in its parameter which package to run."
  }

  assert {
    condition = jsondecode(aws_ssm_parameter.configuration.value).shares == [
      {
        source     = "//fsx-server-name/share"
        mount      = "/srv/shares/main"
        secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      },
      {
        source     = "//10.1.2.3/営業 共有$"
        mount      = "/srv/shares/sales"
        secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"
      },
    ]
    error_message = "A share is mounted from its address, and its password stays in its secret."
  }

  assert {
    condition = jsondecode(aws_ssm_parameter.configuration.value).settings == {
      AWS_REGION             = "ap-northeast-1"
      ARCHIVE_BATCH_ROLE_ARN = "arn:aws:iam::123456789012:role/restores"
      ARCHIVE_BUCKET         = "kept"
      ARCHIVE_DUMPS          = "s3://kept-lists/dumps/"
      ARCHIVE_INVENTORY      = "s3://kept-lists/inventory"
      ARCHIVE_LISTS_BUCKET   = "kept-lists"
      ARCHIVE_MARKER_SUFFIX  = "_保管済.txt"
      ARCHIVE_REPORT_FOLDER  = "/srv/archive"
      ARCHIVE_SHARES         = "//fsx-server-name/share=/srv/shares/main;//fsx-server-name/営業 共有$=/srv/shares/sales"
      DB_HOST                = "/var/run/postgresql"
      DB_NAME                = "archive"
      DB_USERNAME            = "archive"
    }
    error_message = "The command knows buckets, shares by the names people write, and database."
  }

  assert {
    condition     = aws_ssm_parameter.configuration.name == "/batchworks/keeper/configuration"
    error_message = "The parameter is found by the host's name."
  }
}

run "a_new_package_leaves_the_machine_alone" {
  variables {
    package = {
      bucket = "packages"
      key    = "archive/archive-2.zip"
      sha256 = "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    }
  }

  assert {
    condition     = !strcontains(local.cloud_init, "archive-2.zip")
    error_message = "What a machine is told at its start doesn't depend on the package."
  }

  assert {
    condition = (
      jsondecode(aws_ssm_parameter.configuration.value).package.key == "archive/archive-2.zip"
    )
    error_message = "The new package is in the parameter."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.configuration.value).page.login_secret_arn == null
    error_message = "Without a secret the page has no login."
  }
}
