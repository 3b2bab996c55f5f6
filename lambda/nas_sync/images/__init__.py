"""What images look like: a vector such that similar images have similar ones."""
