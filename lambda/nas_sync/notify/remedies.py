"""What to do about an error, in Japanese, with the very command to type. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote

from nas_sync import keys

_RESUMABLE = {
    *("ProcessFilesInParallel", "ReviewResults", "BulkIndexToOpenSearch", "ArchiveDeletedFiles"),
    *("Reconcile", "DescribeSuccess", "NotifySuccess"),
}
"""States after the scan. A run that failed in one of them is continued; any other begins anew."""


@dataclass(frozen=True)
class Place:
    """What commands name."""

    state_machine: str  # ARN
    execution: str  # ARN
    batch: str | None  # exec-…; None before the first transfer
    raw_bucket: str
    suffix: str  # of the functions' names: -dev in dev


def remedy(error: str, state: str | None, place: Place) -> str:
    """What an operator does next.

    Args:
        error: its name, such as `BrakeEngaged` or `Sandbox.Timedout`.
        state: in which the run failed.
        place: what commands name.
    """
    family = _FAMILIES.get(error.partition(".")[0], "")
    return _ADVICE.get(error, _ADVICE.get(family, _OTHER)).format(
        **_commands(place, resumable=state in _RESUMABLE)
    )


_NEXT = "直したら、次のコマンドで実行します:\n  {next}"

_ADVICE: Mapping[str, str] = {
    "VPNNotReady": """\
VPN がつながりませんでした。
NAS 側ルーターの電源と設定(対向アドレス、事前共有キー)を確認してください。
VPN の状態:
  {vpn}
直ったら、もう一度実行します:
  {again}""",
    "AgentOffline": """\
VPN はつながりましたが、DataSync のエージェントが応答しません。
エージェントの仮想マシンの電源、ネットワーク、時刻を確認してください。
エージェントの状態(VPN がある間だけ ONLINE になります):
  {agents}
直ったら、もう一度実行します:
  {again}""",
    "VpnError": """\
VPN 接続がありません。Terraform を適用し直してください。
そのあと、もう一度実行します:
  {again}""",
    "DataSyncFailed": """\
NAS からの転送ができませんでした。
NAS の電源、共有フォルダの権限、パスワード、空き容量、エージェントの状態を確認してください。
転送の記録:
  {transfer}
直ったら、もう一度実行します(転送は続きから始まります):
  {again}""",
    "DataSyncStuck": """\
転送が時間内に終わらなかったため、中止しました。回線とエージェントを確認してください。
転送の記録:
  {transfer}
もう一度実行すると、続きから転送します:
  {again}""",
    "AnotherIsRunning": """\
別の実行が動いています。その実行はそのまま続きますので、終わるまで待ってください。
動いている実行:
  {running}""",
    "InvalidRequest": """\
入力が正しくありません。batch_type は initial、monthly_scheduled、manual のどれかです。
例:
  {again}""",
    "BrakeEngaged": """\
なくなったファイルが多すぎるため、安全のために止めました。何も保管・削除していません。
NAS で本当に削除されたのか、共有フォルダの場所や権限が変わっていないかを確認してください。
本当に削除されたものなら、次のコマンドで続けます:
  {release}
そうでなければ、NAS を直してから、もう一度実行します:
  {again}""",
    "TooManyFailures": """\
読めないファイルが多すぎるため、索引に入れる前に止めました。
読めなかったファイルの一覧:
  {problems}
原因の欄に model_unusable があれば、画像のモデルがないか、設定と違います。モデルを置きます:
  {model}
"""
    + _NEXT,
    "BatchNotFound": """\
続きから実行できるバッチではありません。続けられるバッチは、原因の欄にあります。
最初から実行すると、残りもすべて処理されます:
  {again}""",
    "MissingObject": """\
途中の結果がありません(消されたか、180 日を過ぎました)。続きからは実行できません。
最初から実行すると、残りもすべて処理されます:
  {again}""",
    "ObjectChanged": """\
同じオブジェクトを、ほかの実行か人が書きました。ほかに動いているものがないかを確認してください。
そのあと、最初から実行します:
  {again}""",
    "SearchUnavailable": """\
OpenSearch が応答しません。
ドメインの状態(CPU、ディスクの空き、メンテナンス中でないか)を確認してください。
戻ったら、次のコマンドで実行します:
  {next}""",
    "SearchError": """\
OpenSearch が受け付けませんでした。索引の設定を確認してください(原因の欄を参照)。
"""
    + _NEXT,
    "ReconciliationFailed": """\
S3、OpenSearch、DynamoDB の内容が一致しません。
違いの一覧:
  {differences}
続きから実行すると、足りないものが入ります:
  {next}
それでも一致しないときは、新しく実行します。違うファイルをもう一度処理します:
  {again}""",
    "ModelError": """\
画像のモデルが S3 にないか、設定した SHA-256 と違います(原因の欄に場所があります)。
次のコマンドでモデルを置き、表示された行が設定(tfvars の model)と同じかを確かめてください:
  {model}
"""
    + _NEXT,
    "AccessDenied": """\
AWS の権限が足りません。原因の欄にある操作を、関数のロールに許可してください。
Terraform を適用し直すと、もとの権限に戻ります。
"""
    + _NEXT,
    "ArchivingNotDone": """\
削除されたファイルの保管が終わりませんでした。続きから実行します:
  {next}""",
    "Timeout": """\
失敗したステップの関数が、何度呼んでも Lambda の制限時間内に終わりませんでした。
済んだ分は残っています。次のコマンドで実行します:
  {next}
同じステップでまた起きるときは、記録を控えて、手順書の「Task timed out」の行を見てください:
  {history}""",
    "States.Timeout": """\
失敗したステップで、AWS の応答が制限時間内に返りませんでした。
VPN と転送は片付けてあり、済んだ分は残っています。次のコマンドで実行します:
  {next}
また起きるときは、どのステップがどれだけ待ったかを記録で確認してください:
  {history}""",
    "States.ExceedToleratedFailureThreshold": """\
並列の処理が失敗しました。索引の作成なら、OpenSearch が応答しないことがほとんどです。
どの処理がなぜ失敗したか:
  {children}
"""
    + _NEXT,
    "Exit": """\
関数が異常終了しました。メモリー不足のことがあります。
実行の記録を見て、メモリーの設定を増やしてください:
  {history}
"""
    + _NEXT,
    "Temporary": """\
AWS のサービスが一時的に応答しませんでした。
しばらく待ってから、次のコマンドで実行します:
  {next}""",
}
_OTHER = (
    """\
実行の記録で、くわしい原因を確認してください:
  {history}
"""
    + _NEXT
)
_FAMILIES = {
    "AwsUnavailable": "Temporary",
    "DataSync": "DataSyncFailed",
    "Lambda": "Temporary",
    "Runtime": "Exit",
    "Sandbox": "Timeout",
}


def _commands(place: Place, *, resumable: bool) -> dict[str, str]:
    resume = {"resume": place.batch} if place.batch else {}
    machine, execution = quote(place.state_machine), quote(place.execution)
    return {
        "again": _start(place),
        "next": _start(place, **resume) if resumable else _start(place),
        "release": _start(place, **resume, release_brake=True),
        "problems": _fetch(place, keys.PROBLEMS),
        "differences": _fetch(place, keys.DIFFERENCES),
        "vpn": (
            f"aws lambda invoke --function-name VPNManager{place.suffix} --cli-binary-format "
            'raw-in-base64-out --payload \'{"action":"check_status"}\' /dev/stdout'
        ),
        "model": f"make model ENV={'dev' if place.suffix else 'prd'}",
        "agents": "aws datasync list-agents --query 'Agents[].[Name,Status]' --output table",
        "transfer": f"aws logs tail /aws/datasync{place.suffix} --since 1d",
        "running": (
            f"aws stepfunctions list-executions --state-machine-arn {machine} "
            "--status-filter RUNNING --max-results 10"
        ),
        "children": f"aws stepfunctions list-map-runs --execution-arn {execution}",
        "history": (
            f"aws stepfunctions get-execution-history --execution-arn {execution} "
            "--reverse-order --max-results 20"
        ),
    }


def _fetch(place: Place, report: str) -> str:
    address = f"s3://{place.raw_bucket}/{keys.report(str(place.batch), report)}"
    return f"aws s3 cp {quote(address)} ."


def _start(place: Place, **more: str | bool) -> str:
    given = json.dumps({"batch_type": "manual", **more}, separators=(",", ":"))
    return (
        f"aws stepfunctions start-execution --state-machine-arn {quote(place.state_machine)} "
        f"--input {quote(given)}"
    )
