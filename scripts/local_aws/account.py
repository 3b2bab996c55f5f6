"""Who and where the local AWS is."""

ACCOUNT = "123456789012"  # moto's own default account
REGION = "ap-northeast-1"
PARTITION = "aws"
HOST = "127.0.0.1"
