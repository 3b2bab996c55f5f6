locals {
  # What is archived never goes by itself. These can be made again.
  old_lists = {
    inventory = {
      prefix                 = local.prefixes.inventory
      expire_days            = var.keep_days.inventory
      expire_noncurrent_days = 1
    }
    dumps = {
      prefix                 = local.prefixes.dumps
      expire_days            = var.keep_days.dumps
      expire_noncurrent_days = 30
    }
    packages = {
      prefix                 = local.prefixes.packages
      expire_noncurrent_days = 90
    }
  }
}
