# OpenSearch domains; never what is in them.
locals {
  domain_arns = [
    for name in var.names : "arn:aws:es:${var.region}:${var.account}:domain/${name}"
    if name == lower(name) # as the names of domains are
  ]

  domains = {
    plan = [{
      Sid    = "ReadDomains"
      Effect = "Allow"
      Action = [
        "es:DescribeDomain", "es:DescribeDomainConfig", "es:GetCompatibleVersions", "es:ListTags",
      ]
      Resource = local.domain_arns
    }]

    apply = [{
      Sid    = "ManageDomains"
      Effect = "Allow"
      Action = [
        "es:AddTags",
        "es:CreateDomain",
        "es:DeleteDomain",
        "es:RemoveTags",
        "es:UpdateDomainConfig",
        "es:UpgradeDomain",
      ]
      Resource = local.domain_arns
    }]
  }
}
