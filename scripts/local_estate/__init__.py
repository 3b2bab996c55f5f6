"""The company's estate on one machine: AWS, PostgreSQL and YouTube, all on loopback."""
