"""DataSync's transfers: a folder that stands for a NAS, copied to a prefix of a bucket."""
