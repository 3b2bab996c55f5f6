resource "aws_ebs_volume" "data" {
  availability_zone = data.aws_subnet.this.availability_zone
  size              = var.data_volume.size_gb
  type              = "gp3"
  encrypted         = true
  kms_key_id        = var.data_volume.kms_key_arn
  final_snapshot    = var.protected

  tags = { Name = "${var.name}-data" }
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.this.id

  # PostgreSQL is shut down with the machine, never left without its disk.
  stop_instance_before_detaching = true
}
