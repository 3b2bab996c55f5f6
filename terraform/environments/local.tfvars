# The network and all else that only exists while the local AWS runs is in the settings that
# `make up` and `make demo` write for their own estate.

region = "ap-northeast-1"

alerts = {
  emails = [] # the local AWS sends no mail
}
