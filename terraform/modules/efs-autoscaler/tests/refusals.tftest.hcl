mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

run "two_subnets_of_one_zone" {
  command = plan

  override_data {
    target = data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1a" }
  }

  expect_failures = [aws_efs_mount_target.initial]
}

run "one_zone_alone" {
  command = plan

  variables {
    mount_targets = { a = "subnet-a" }
  }

  expect_failures = [var.mount_targets]
}

run "max_io_with_elastic_throughput" {
  command = plan

  variables {
    file_system = { performance_mode = "maxIO" }
  }

  expect_failures = [var.file_system]
}

run "provisioned_throughput_of_no_size" {
  command = plan

  variables {
    file_system = { throughput_mode = "provisioned" }
  }

  expect_failures = [var.file_system]
}

run "a_size_without_provisioned_throughput" {
  command = plan

  variables {
    file_system = { throughput_mode = "bursting", provisioned_mibps = 100 }
  }

  expect_failures = [var.file_system]
}

run "an_archive_without_elastic_throughput" {
  command = plan

  variables {
    file_system = {
      throughput_mode = "bursting"
      lifecycle       = { to_archive = "AFTER_90_DAYS" }
    }
  }

  expect_failures = [var.file_system]
}

run "a_mode_that_efs_has_not" {
  command = plan

  variables {
    file_system = { performance_mode = "fastest", throughput_mode = "burst" }
  }

  expect_failures = [var.file_system]
}

run "a_list_elsewhere" {
  command = plan

  variables {
    list_parameter = "/mount-targets"
  }

  expect_failures = [var.list_parameter]
}

run "a_folder_outside_of_the_file_system" {
  command = plan

  variables {
    counting = { directory = "../other" }
  }

  expect_failures = [var.counting]
}

run "half_a_file" {
  command = plan

  variables {
    counting = { threshold = 0.5 }
  }

  expect_failures = [var.counting]
}

run "a_function_too_small_to_count" {
  command = plan

  variables {
    function = { code = { zip = "versions.tf" }, memory_size = 512 }
  }

  expect_failures = [var.function]
}

run "an_image_from_elsewhere" {
  command = plan

  variables {
    service = { image = "nginx:latest" }
  }

  expect_failures = [var.service]
}

run "a_launch_type_that_can_t_mount_either_way" {
  command = plan

  variables {
    launch_type = "EXTERNAL"
  }

  expect_failures = [var.launch_type]
}
