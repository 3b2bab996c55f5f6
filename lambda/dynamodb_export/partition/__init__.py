"""Moves exports to the partitions of their days."""
