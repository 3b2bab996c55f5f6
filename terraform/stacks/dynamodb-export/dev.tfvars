# Tables, sizes and times are the defaults: a table that this account doesn't have fails, and says so.

# bucket = "replace-moderation-craft-data-dev" # if moderation-craft-data-dev is taken in AWS
