locals {
  # A map of one host or none.
  hosts = { for host in var.host[*] : "host" => host }

  packages = {
    for key in keys(local.hosts) :
    "${local.prefixes.packages}archive-host.zip" => "${var.build}/archive-host.zip"
  }
}
