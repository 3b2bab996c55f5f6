"""The lookup page: アーカイブリスト管理画面."""
