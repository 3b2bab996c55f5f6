"""Where errors of a whole run become messages and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import typer
from botocore.exceptions import BotoCoreError, ClientError

from batchworks.errors import JobError, SettingsError
from scripts.archive.exits import Exit
from scripts.archive.lists import ListError


@contextmanager
def told() -> Iterator[None]:
    """Tell an error that stops a run, in one message without a traceback.

    Raises:
        typer.Exit: with the code for what went wrong.
    """
    try:
        yield
    except ListError as error:
        _stop(str(error), Exit.REFUSED, error)
    except SettingsError as error:
        _stop(f"設定に誤りがあります: {error}", Exit.USAGE, error)
    except JobError as error:
        _stop(str(error), Exit.SOME_FAILED, error)
    except psycopg2.Error as error:
        reason = str(error).strip()
        _stop(
            f"アーカイブリスト (PostgreSQL) を使えません: {reason}\n"
            "DB_* の設定とサーバーの状態を確認し、同じコマンドを再実行してください",
            Exit.SOME_FAILED,
            error,
        )
    except (BotoCoreError, ClientError) as error:
        _stop(
            f"AWS に接続できません: {error}\n認証情報と権限を確認し、再実行してください",
            Exit.SOME_FAILED,
            error,
        )
    except OSError as error:
        _stop(
            f"ファイルを読み書きできません: {error}\n空き容量と権限を確認してください",
            Exit.SOME_FAILED,
            error,
        )
    except KeyboardInterrupt as error:
        _stop("中断しました。同じコマンドを再実行すれば続きから行います", Exit.SOME_FAILED, error)


def _stop(message: str, code: Exit, error: BaseException) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code) from error
