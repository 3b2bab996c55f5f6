# What every run is given, unless it says otherwise.

name = "example-archive"
