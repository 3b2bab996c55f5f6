# The first start of a machine: cloud-init installs packages and the files of files/ and runs
# archive-host-setup. Everything that may change later is in the parameter of configuration.tf.

locals {
  programs = fileset("${path.module}/files/sbin", "*")
  units    = fileset("${path.module}/files/systemd", "*")

  cloud_config = {
    packages = [
      "cifs-utils",
      "jq",
      "postgresql17-contrib",
      "postgresql17-server",
      "python3.13",
      "python3.13-pip",
      "unzip",
      "xfsprogs",
    ]

    write_files = concat(
      [
        for program in local.programs : {
          path        = "/usr/local/sbin/${program}"
          permissions = "0755"
          content     = file("${path.module}/files/sbin/${program}")
        }
      ],
      [
        for unit in local.units : {
          path        = "/etc/systemd/system/${unit}"
          permissions = "0644"
          content     = file("${path.module}/files/systemd/${unit}")
        }
      ],
      [
        {
          path        = "/etc/batchworks/host.env"
          permissions = "0644"
          content     = join("", [for name, value in local.host : "${name}='${value}'\n"])
        },
      ],
    )

    runcmd = [["/usr/local/sbin/archive-host-setup"]]
  }

  # What a machine has to know before it can read its configuration.
  host = {
    AWS_DEFAULT_REGION    = local.region
    ARCHIVE_HOST          = var.name
    ARCHIVE_CONFIGURATION = aws_ssm_parameter.configuration.name
    ARCHIVE_DATA_DEVICE = join("", [
      "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_", replace(aws_ebs_volume.data.id, "-", ""),
    ])
  }

  # EC2 takes 16 KB of user data; cloud-init unpacks gzip by itself.
  cloud_init = "#cloud-config\n${yamlencode(local.cloud_config)}"
  user_data  = base64gzip(local.cloud_init)
}
