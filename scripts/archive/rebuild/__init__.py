"""Make the archive list anew from the bucket alone."""
