"""Files of a share into Glacier Deep Archive on request, and back again."""
