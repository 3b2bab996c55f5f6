locals {
  # Each job may do what it does and nothing else; none may read the tables' streams. Whoever reads
  # objects that may be missing may list the bucket, whatever the prefix: S3 answers a look at a
  # missing object with "forbidden" where listing is allowed below a prefix only.
  access = {
    export-dynamodb = {
      read_objects  = [local.exported, local.scans]
      write_objects = [local.exported, local.scans]
      statements = {
        ReadTables = {
          actions   = ["dynamodb:DescribeTable", "dynamodb:Scan"]
          resources = local.table_arns
        }
        CleanUpScans = {
          actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject"]
          resources = ["arn:${local.partition}:s3:::${local.scans}"]
        }
        GiveUpCopies = {
          actions   = ["s3:AbortMultipartUpload"]
          resources = ["arn:${local.partition}:s3:::${local.exported}"]
        }
        Announce = local.announce
      }
    }

    batch-export = {
      read_objects  = [local.ledgers]
      write_objects = [local.exported, local.ledgers]
      statements = {
        ExportTables = {
          actions   = ["dynamodb:DescribeContinuousBackups", "dynamodb:ExportTableToPointInTime"]
          resources = local.table_arns
        }
        FindExports = {
          actions   = ["dynamodb:DescribeExport"]
          resources = local.export_arns
        }
        ListExports = {
          actions   = ["dynamodb:ListExports"]
          resources = ["*"] # AWS has no resource for it
        }
        # DynamoDB writes as whoever asked for the export:
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
        LetDynamoDbWrite = {
          actions   = ["s3:AbortMultipartUpload", "s3:PutObjectAcl"]
          resources = ["arn:${local.partition}:s3:::${local.exported}"]
        }
        Announce = local.announce
      }
    }

    export-follow-up = {
      read_objects  = [local.exported, local.ledgers]
      write_objects = [local.ledgers]
      statements = {
        FollowExports = {
          actions   = ["dynamodb:DescribeExport"]
          resources = local.export_arns
        }
        Announce = local.announce
      }
    }

    partition-manager = {
      read_objects  = [local.exported, local.moved, local.ledgers]
      write_objects = [local.moved]
      statements = {
        DeleteWhatWasMoved = {
          actions   = ["s3:DeleteObject"]
          resources = ["arn:${local.partition}:s3:::${local.exported}"]
        }
        GiveUpCopies = {
          actions   = ["s3:AbortMultipartUpload"]
          resources = ["arn:${local.partition}:s3:::${local.moved}"]
        }
      }
    }
  }

  export_arns = [for arn in local.table_arns : "${arn}/export/*"]

  announce = {
    actions   = ["events:PutEvents"]
    resources = [local.bus_arn]
    condition = { StringEquals = { "events:source" = [local.source] } }
  }
}
