"""Requests from list to list, by the real commands with the permissions of the host's role."""

import csv
import random
import shutil
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from scripts.files import sha256
from scripts.local_estate import file_share
from scripts.local_estate.systems import archive as lent
from tests.system.archive.host import Archive, Done, Host, actions

FILES = 60
MIB = 1024 * 1024


def archive_all(host: Host, lists: file_share.FileShare) -> list[Done]:
    """Archive the lists that Excel and an editor made, the second one twice."""
    request = ("--request-id", "REQ-1", "--requester", "山田太郎", "--yes")
    everything = (lists.cp932_list, lists.utf8_list, lists.utf8_list)
    return [host.types("put", listed, *request) for listed in everything]


@pytest.fixture(scope="module")
def lists(archive: Archive) -> file_share.FileShare:
    shutil.rmtree(lent.share(archive.estate))
    return file_share.generate(archive.estate.home, files=FILES)


@pytest.fixture(scope="module")
def host(
    archive: Archive, lists: file_share.FileShare, tmp_path_factory: pytest.TempPathFactory
) -> Host:
    """A host on which the whole share is archived already."""
    found = Host(archive, tmp_path_factory.mktemp("work"))
    assert found.types("init").code == 0
    for done in archive_all(found, lists):
        assert done.code == 0, done.told
    return found


def originals(share: Path) -> set[str]:
    """Digests of all that is no marker of ours."""
    found = (path for path in share.rglob("*") if path.is_file() and not path.is_symlink())
    return {
        sha256(path)
        for path in found
        if not path.with_name(path.name.removesuffix("_archived.txt")).exists()
        or not path.name.endswith("_archived.txt")
    }


def test_each_file_is_archived_once(host: Host, lists: file_share.FileShare) -> None:
    assert "アーカイブするファイルはありません" in archive_all(host, lists)[-1].told
    versions = sorted(host.archive.versions())
    assert len(versions) == FILES
    assert versions == sorted(
        host.archive.rows('SELECT "S3キー", "バージョンID" FROM archive_list')
    )


def test_what_is_restored_is_what_was_archived(host: Host, lists: file_share.FileShare) -> None:
    everything = host.list_of("")
    asked = host.types("restore", everything, "--yes")
    assert asked.code == 0, asked.told
    requests = host.report("restore_requests")
    target = host.work / "restored"
    target.mkdir()

    early = host.types("collect", requests, "--to", target)
    assert early.code == 1
    assert not list(target.iterdir())
    assert len(host.report("not_ready").read_text().splitlines()) == FILES

    host.archive.aws.complete_restores()
    late = host.types("collect", host.report("not_ready"), "--to", target)
    assert late.code == 0, late.told
    assert {sha256(path) for path in target.iterdir()} == originals(lists.folder)
    with host.report("collected").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["ファイル名", "復元日時", "配置先ディレクトリ"]
    assert len(rows) == FILES

    again = host.types("collect", requests, "--to", target)
    assert again.code == 0
    assert len(list(target.iterdir())) == FILES


def test_a_copy_that_expired_is_asked_for_again(host: Host) -> None:
    host.archive.aws.expire_restores()
    target = host.work / "late"
    target.mkdir()
    done = host.types("collect", host.list_of("わけあり"), "--to", target)
    assert done.code == 1
    again = host.report("restore_again")
    assert again.name in done.told
    assert host.types("restore", again, "--yes").code == 0


def test_many_objects_go_through_one_job(host: Host) -> None:
    host.archive.aws.expire_restores()
    done = host.types("restore", host.list_of(""), "--engine", "batch", "--yes")
    assert done.code == 0, done.told
    assert len(host.report("restore_requests").read_text().splitlines()) == FILES
    assert host.archive.aws.complete_restores() == FILES


def test_list_and_bucket_agree(host: Host) -> None:
    assert host.types("reconcile").code == 0
    host.archive.aws.write_inventory(host.archive.bucket)
    done = host.types("reconcile")
    assert (done.code, "インベントリ: s3://" in done.told) == (0, True), done.told
    assert host.archive.metric(
        "batchworks/archive", "Differences", Bucket=host.archive.bucket
    ) == pytest.approx(0)


def test_the_list_comes_back_from_the_bucket_alone(host: Host) -> None:
    everything = 'SELECT * FROM archive_list ORDER BY "S3キー"'
    before = [row[1:] for row in host.archive.rows(everything)]
    host.archive.rows("DROP TABLE archive_list")
    assert host.types("find").code != 0
    assert host.types("init").code == 0
    assert host.types("rebuild").code == 0
    assert [row[1:] for row in host.archive.rows(everything)] == before
    assert host.types("reconcile").code == 0


def test_an_object_that_vanished_is_missed(host: Host) -> None:
    (host.share / "lost.txt").write_text("lost")
    assert host.types("put", host.list_of("lost.txt"), "--request-id", "R", "--yes").code == 0
    key = "fsx-server-name/share/lost.txt"
    [version] = [version for found, version in host.archive.versions() if found == key]
    s3 = host.archive.client("s3")
    s3.delete_object(Bucket=host.archive.bucket, Key=key, VersionId=version)
    try:
        done = host.types("reconcile", "--inventory", "listing")
        assert done.code == 1
        assert "S3にない" in host.report("reconcile").read_text()
        metric = ("batchworks/archive", "Differences")
        assert host.archive.metric(*metric, Bucket=host.archive.bucket) == 1
    finally:
        host.archive.rows('DELETE FROM archive_list WHERE "S3キー" = %s', key)


def test_the_host_can_delete_nothing(host: Host) -> None:
    s3 = host.archive.aws.client_as(host.archive.role, "s3")
    key, version = host.archive.versions()[0]
    for target in ({"Key": key}, {"Key": key, "VersionId": version}):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=host.archive.bucket, **target)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_versioning(
            Bucket=host.archive.bucket, VersioningConfiguration={"Status": "Suspended"}
        )


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("s3:PutObject", ("put", "new", "--request-id", "REQ-2", "--yes")),
        ("s3:RestoreObject", ("restore", "わけあり", "--yes")),
    ],
)
def test_without_a_permission_the_command_fails_and_says_so(
    host: Host, action: str, command: tuple[str, ...]
) -> None:
    new = host.share / "new"
    new.mkdir(exist_ok=True)
    for number in range(50):
        (new / f"{number}.txt").write_text("new")
    name, path, *options = command
    with host.without(action):
        done = host.types(name, host.list_of(path), *options)
    assert done.code == 1
    assert "AccessDenied" in host.report("error_log").read_text()
    assert host.types(name, host.list_of(path), *options).code == 0


def test_originals_go_only_where_that_is_asked_for(host: Host) -> None:
    folder = host.share / "done"
    folder.mkdir()
    (folder / "large.bin").write_bytes(random.randbytes(9 * MIB))
    (folder / "small.txt").write_text("small")
    whole = {sha256(path) for path in folder.iterdir()}
    done = host.types(
        "put", host.list_of("done"), "--request-id", "REQ-3", "--yes", "--delete-originals"
    )
    assert done.code == 0, done.told
    assert {path.name for path in folder.iterdir()} == {
        "large.bin_archived.txt",
        "small.txt_archived.txt",
    }
    assert len(host.report("deleted_originals").read_text().splitlines()) > 2

    target = host.work / "back"
    target.mkdir()
    assert host.types("restore", host.list_of("done"), "--yes").code == 0
    host.archive.aws.complete_restores()
    assert host.types("collect", host.list_of("done"), "--to", target).code == 0
    assert {sha256(path) for path in target.iterdir()} == whole


def test_every_permission_on_s3_is_used(host: Host) -> None:
    """Runs last: what the others did is what the role is for."""
    used = {
        record.action
        for record in host.archive.aws.iam_records()
        if record.role == host.archive.role and record.allowed
    }
    granted = {
        action
        for statement in host.archive.policy()["PolicyDocument"]["Statement"]
        for action in actions(statement)
        if statement["Effect"] == "Allow" and action.startswith("s3:")
    }
    assert granted - used == {"s3:AbortMultipartUpload"}, "needed only when a large upload fails"
