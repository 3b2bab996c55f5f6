"""What operators of nas-sync run from here."""
