"""Look at everything a request names before anything is sent."""
