"""`archive restore --engine batch`: one job of S3 Batch Operations, found again after a kill."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from typing import Any

import pytest

from scripts.archive.exits import Exit
from scripts.archive.restore import batch, report
from scripts.archive.restore.outcomes import Status
from scripts.local_aws.account import ACCOUNT
from tests.unit.archive.vault import SHARE, Vault, unc

PRINCIPAL = "batchoperations.s3.amazonaws.com"


@pytest.fixture
def vault(vault: Vault) -> Vault:
    """An archive with a role for jobs."""
    iam = vault.aws.client("iam")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": PRINCIPAL}}
    allow = [
        {
            "Effect": "Allow",
            "Action": ["s3:RestoreObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::{bucket}/*" for bucket in (vault.bucket, vault.lists)],
        }
    ]
    role = iam.create_role(RoleName=vault.bucket, AssumeRolePolicyDocument=_policy([trust]))
    iam.put_role_policy(RoleName=vault.bucket, PolicyName="jobs", PolicyDocument=_policy(allow))
    vault.environ["ARCHIVE_BATCH_ROLE_ARN"] = role["Role"]["Arn"]
    return vault


def _policy(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def jobs(vault: Vault) -> list[Any]:
    """The jobs for this archive."""
    listed = vault.aws.client("s3control").list_jobs(AccountId=ACCOUNT)["Jobs"]
    folders = {
        each["Key"].rpartition("/")[0] + "/"
        for each in vault.s3.list_objects_v2(Bucket=vault.lists).get("Contents", [])
    }
    return [job for job in listed if job["Description"] in folders]


def test_the_jobs_report_is_merged_into_the_same_results(vault: Vault) -> None:
    vault.archive(['空 +%,".txt', "b.txt", "progress.txt"])
    vault.run("restore", vault.listed(*unc("progress.txt")), "--yes")
    vault.archive(["standard.txt"], storage="STANDARD")
    vault.archive(["gone.txt"], upload=False)
    vault.forget()

    result = vault.run("restore", vault.listed(*unc("", "missing")), "--yes", "--engine", "batch")

    assert result.exit_code == Exit.SOME_FAILED, result.output
    rows = list(csv.reader(vault.left("restore_results")))[1:]
    assert {row[2].rpartition("\\")[2]: row[3] for row in rows} == {
        '空 +%,".txt': "復元依頼済み",
        "b.txt": "復元依頼済み",
        "progress.txt": "復元処理中",
        "standard.txt": "復元不要",
        "gone.txt": "S3にありません",
        "": "対象なし",
    }
    assert vault.left("restore_errors") == unc("gone.txt", "missing")
    assert "対象 6 件 = 受付 4 件 + 失敗 2 件" in result.output
    head = vault.s3.head_object(Bucket=vault.bucket, Key=f"{SHARE}/b.txt")
    assert head["Restore"] == 'ongoing-request="true"'


def test_a_run_that_is_killed_while_it_waits_finds_its_job_again(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.archive(["a.txt", "b.txt"])
    listed = vault.listed(*unc(""))
    with monkeypatch.context() as patch:
        patch.setattr(batch, "follow", _killed)
        vault.run("restore", listed, "--yes", "--engine", "batch")
    vault.forget()

    result = vault.run("restore", listed, "--yes", "--engine", "batch")

    assert result.exit_code == Exit.DONE, result.output
    assert vault.left("restore_requests") == unc("a.txt", "b.txt")
    assert len(jobs(vault)) == 1


def _killed(*_: object) -> str:
    raise KeyboardInterrupt


def test_a_killed_runs_job_that_ended_long_ago_is_not_taken_for_this_one(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.archive(["a.txt"])
    listed = vault.listed(*unc(""))
    with monkeypatch.context() as patch:
        patch.setattr(batch, "finish", _killed)
        vault.run("restore", listed, "--yes", "--engine", "batch")
    monkeypatch.setattr(batch, "OLD", timedelta(0))

    result = vault.run("restore", listed, "--yes", "--engine", "batch")

    assert result.exit_code == Exit.DONE, result.output
    assert len(jobs(vault)) == 2


def test_the_same_list_asked_again_later_is_a_new_job(vault: Vault) -> None:
    vault.archive(["a.txt"])
    listed = vault.listed(*unc(""))
    for _ in range(2):
        assert vault.run("restore", listed, "--yes", "--engine", "batch").exit_code == Exit.DONE

    assert len(jobs(vault)) == 2


def test_a_job_that_fails_as_a_whole_leaves_everything_for_the_next_run(vault: Vault) -> None:
    vault.archive(["a.txt", "b.txt"])
    vault.aws.client("iam").delete_role_policy(RoleName=vault.bucket, PolicyName="jobs")

    result = vault.run("restore", vault.listed(*unc("")), "--yes", "--engine", "batch")

    assert result.exit_code == Exit.SOME_FAILED, result.output
    assert vault.left("restore_errors") == unc("a.txt", "b.txt")
    assert "未依頼 2" in result.output


@pytest.mark.parametrize(
    ("setting", "value"),
    [("ARCHIVE_LISTS_BUCKET", ""), ("ARCHIVE_BATCH_ROLE_ARN", "batch-role")],
)
def test_a_setting_that_jobs_need_is_named_before_anything_is_asked(
    vault: Vault, setting: str, value: str
) -> None:
    vault.archive(["a.txt"])
    vault.environ[setting] = value

    result = vault.run("restore", vault.listed(*unc("")), "--yes", "--engine", "batch")

    assert result.exit_code == Exit.USAGE
    assert setting in result.output


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (["b", "k", "v", "failed", "409", "RestoreAlreadyInProgress", ""], Status.IN_PROGRESS),
        (["b", "k", "v", "failed", "RestoreAlreadyInProgress", "409", ""], Status.IN_PROGRESS),
        (["b", "k", "v", "failed", "409", "PermanentFailure", ""], Status.IN_PROGRESS),
        (
            [
                "b",
                "k",
                "v",
                "failed",
                "403",
                "PermanentFailure",
                "(Error Code: InvalidObjectState)",
            ],
            Status.READABLE,
        ),
        (["b", "k", "v", "failed", "500", "", "no"], Status.FAILED),
        (["b", "k", "v", "succeeded", "200", "", "Successful"], Status.REQUESTED),
    ],
)
def test_a_reports_row_is_understood_in_either_order_of_its_codes(
    row: list[str], status: Status
) -> None:
    key, outcome = report.outcome(row)

    assert (key, outcome.status) == ("k", status)
