"""Why a file's content isn't searchable: a code for programs, an explanation for people.

A code decides the status: what is expected of some files is `skipped`, what should not have
happened is `failed` and tried again by the next batch.
"""

from __future__ import annotations

from nas_sync.records import Status

SKIPPED = {
    "empty": "ファイルの中身が空(0 バイト)です。",
    "encrypted": "パスワードで保護されているため、中身を読めません。",
    "too_large": "ファイル、または展開した中身が上限サイズより大きいため、読みません。",
    "too_many_pixels": "画像の画素数が上限より多いため、特徴量を計算しません。",
    "no_text": "文字が含まれていません。スキャンした PDF の文字認識(OCR)は対象外です。",
    "unsupported": "中身が対応していない形式です。",
    "wrong_extension": "拡張子と中身の種類が違います。正しい拡張子に直すと次回読み込まれます。",
}
FAILED = {
    "corrupt": "ファイルが壊れていて読めません。",
    "bomb": "展開すると異常に大きくなる圧縮ファイル(zip 爆弾)の疑いがあります。",
    "timeout": "制限時間内に処理が終わりませんでした。",
    "out_of_memory": "処理に必要なメモリが上限を超えました。",
    "crashed": "処理プログラムが異常終了しました。",
    "gone": "処理の前に S3 から削除されました。",
    "changed_meanwhile": "検出のあとに内容が変わりました。次回のバッチで処理されます。",
    "not_processed": "抽出の処理が最後まで行われませんでした。",
    "model_unusable": "画像のモデルがないか、設定と違うため、特徴量を計算できませんでした。",
    "source_not_indexed": "移動前のファイルが索引にありません。次回のバッチで処理されます。",
    "quarantined": "OpenSearch または DynamoDB が受け付けませんでした。",
}
EXPLANATIONS = {**SKIPPED, **FAILED}


def status_of(reason: str) -> Status:
    """What a file with this reason is: skipped or failed."""
    return "skipped" if reason in SKIPPED else "failed"


def explanation(reason: str) -> str:
    """What an operator is told; the code itself where it is none of ours."""
    return EXPLANATIONS.get(reason, reason)
