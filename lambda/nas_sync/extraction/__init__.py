"""Reads files one after the other, in a process of its own that may die without harm."""
