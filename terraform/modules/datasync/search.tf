locals {
  created = var.search.create[*]

  # By its name: the domain's policy names roles whose rights name the domain.
  search_arn = coalesce(
    var.search.domain_arn,
    "arn:${local.partition}:es:${local.region}:${local.account}:domain/${local.domain_name}",
  )
  domain_name = "cis-filesearch${var.suffix}"

  search = {
    endpoint = one(concat(
      var.search.endpoint[*],
      [for domain in aws_opensearch_domain.this : "https://${domain.endpoint}"],
    ))
    domain_arn = local.search_arn
  }

  searchers = [for key in local.names : key if try(local.functions[key].searches, false)]
}

resource "aws_opensearch_domain" "this" {
  #checkov:skip=CKV_AWS_84:Slow logs are for a domain that is slow; functions log their requests
  #checkov:skip=CKV_AWS_247:AWS's own key encrypts it
  #checkov:skip=CKV_AWS_317:Audit logs need fine-grained access control
  #checkov:skip=CKV_AWS_318:Dedicated masters are for larger domains: the index can be made again
  #checkov:skip=CKV2_AWS_52:Roles alone get in; there are no users to keep apart
  #checkov:skip=CKV2_AWS_59:Dedicated masters are for larger domains: the index can be made again
  #checkov:skip=CKV_AWS_137:A VPC is the caller's choice: search.network
  count = length(local.created)

  domain_name    = local.domain_name
  engine_version = "OpenSearch_2.19"
  tags           = local.tags

  cluster_config {
    instance_type          = local.created[count.index].instance_type
    instance_count         = local.created[count.index].instance_count
    zone_awareness_enabled = local.created[count.index].instance_count > 1
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = local.created[count.index].volume_gb
  }

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }

  dynamic "vpc_options" {
    for_each = var.search.network[*]

    content {
      # One for a node, two where nodes are in two zones: AWS takes no more.
      subnet_ids = slice(
        vpc_options.value.subnet_ids, 0, min(local.created[count.index].instance_count, 2)
      )
      security_group_ids = vpc_options.value.security_group_ids
    }
  }
}

# Those that search, and nobody else; operators get in by policies of their own.
resource "aws_opensearch_domain_policy" "this" {
  count = length(local.created)

  domain_name = aws_opensearch_domain.this[count.index].domain_name

  access_policies = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "FunctionsThatSearch"
      Effect    = "Allow"
      Principal = { AWS = [for key in local.searchers : module.function[key].role.arn] }
      Action = [
        "es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut",
      ]
      Resource = "${local.search_arn}/*"
    }]
  })
}

# An index can be made again from S3 by a full sync, but not within the hour.
resource "terraform_data" "domain_protection" {
  count = var.protected ? length(local.created) : 0

  triggers_replace = aws_opensearch_domain.this[*].arn

  lifecycle {
    prevent_destroy = true
  }
}
