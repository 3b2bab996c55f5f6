# Tables, sizes and times are the defaults; what differs from them is written here.

# Manual events without an environment start this one, also where dev shares the account.
default_environment = true

# bucket = "replace-moderation-craft-data" # if moderation-craft-data is taken in AWS
