"""Lambda: functions run by AWS's own runtime client in processes of this machine."""
