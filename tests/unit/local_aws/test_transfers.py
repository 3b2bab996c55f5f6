"""DataSync's transfers: what is copied, what goes, what is told of it, and how they fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.nas import Nas, make_nas, rights, s3, tunnels, vpn_connection
from tests.unit.local_aws.workshop import Workshop, eventually


@pytest.fixture(scope="module", autouse=True)
def connection(aws: LocalAws) -> Iterator[str]:
    """A way to the NAS."""
    with vpn_connection(aws) as made:
        eventually(lambda: tunnels(aws, made) == ["UP", "UP"])
        yield made


@pytest.fixture
def nas(workshop: Workshop, aws: LocalAws) -> Iterator[Nas]:
    """A NAS of its own, to which everything goes well again afterwards."""
    aws.tunnels("up")
    yield make_nas(workshop)
    aws.transfers()
    aws.tunnels("up")


def simple(value: str) -> list[dict[str, str]]:
    """A filter."""
    return [{"FilterType": "SIMPLE_PATTERN", "Value": value}]


def test_files_are_copied_with_their_names_and_counted(nas: Nas) -> None:
    nas.write("見積書/2024年/A社.pdf", "memo.txt", content="four")

    ended = nas.run()

    assert ended["Status"] == "SUCCESS"
    assert nas.keys() == ["memo.txt", "見積書/2024年/A社.pdf"]
    assert ended["FilesTransferred"] == ended["EstimatedFilesToTransfer"] == 4  # two folders
    assert ended["BytesTransferred"] == ended["EstimatedBytesToTransfer"] == 8
    assert ended["Result"]["TransferStatus"] == ended["Result"]["VerifyStatus"] == "SUCCESS"
    assert "ErrorCode" not in ended["Result"]


def test_an_object_tells_of_its_file(nas: Nas) -> None:
    nas.write("議事録.txt", content="four")

    nas.run()

    told = nas.head("議事録.txt")
    assert told["StorageClass"] == "INTELLIGENT_TIERING"
    metadata = told["Metadata"]
    assert metadata["file-mtime"] == "1700000000123456789ns"
    assert metadata["file-size"] == "4"
    assert {"file-atime", "file-owner", "file-group", "file-permissions"} <= metadata.keys()
    assert metadata["source-path"].lower().startswith("=?utf-8?")  # as S3 tells what isn't ASCII


def test_a_task_that_preserves_no_owner_tells_none(nas: Nas) -> None:
    nas.write("a.txt")

    nas.run(Options={"Uid": "NONE", "Gid": "NONE", "PosixPermissions": "NONE"})

    metadata = nas.head("a.txt")["Metadata"]
    assert metadata.keys() == {"file-mtime", "file-atime", "file-size", "source-path"}
    assert metadata["source-path"] == f"//{nas.server}/share/a.txt"


def test_only_what_changed_is_copied_again(nas: Nas) -> None:
    task = nas.task()
    nas.write("same.txt", "other.txt")
    nas.run(task)
    nas.write("other.txt", content="changed!")

    again = nas.run(task)

    assert (again["FilesTransferred"], again["BytesTransferred"]) == (1, 8)
    assert nas.versions("same.txt") == [False]
    assert nas.versions("other.txt") == [False, False]
    assert nas.run(task)["FilesTransferred"] == 0


def test_what_is_gone_from_the_nas_gets_a_delete_marker(nas: Nas) -> None:
    task = nas.task()
    nas.write("stays.txt", "goes.txt")
    nas.run(task)
    (nas.share / "goes.txt").unlink()

    ended = nas.run(task)

    assert ended["FilesDeleted"] == ended["EstimatedFilesToDelete"] == 1
    assert nas.keys() == ["stays.txt"]
    assert nas.versions("goes.txt") == [True, False]


def test_what_is_gone_may_be_preserved(nas: Nas) -> None:
    task = nas.task(Options={"PreserveDeletedFiles": "PRESERVE"})
    nas.write("goes.txt")
    nas.run(task)
    (nas.share / "goes.txt").unlink()

    nas.run(task)

    assert nas.keys() == ["goes.txt"]


def test_filters_choose(nas: Nas) -> None:
    nas.write("a.pdf", "b.tmp", "c.docx", "deep/Thumbs.db", "deep/~$c.docx", "old/a.pdf")

    nas.run(Includes=simple("*.pdf|*.docx"), Excludes=simple("*.tmp|~$*|Thumbs.db|/old"))

    assert nas.keys() == ["a.pdf", "c.docx"]


def test_what_a_filter_leaves_out_is_not_deleted(nas: Nas) -> None:
    task = nas.task()
    nas.write("a.pdf", "b.tmp")
    nas.run(task)

    nas.run(task, Excludes=simple("*.tmp"))
    nas.comes_to(nas.start(task, Excludes=simple("*.tmp")), "SUCCESS")

    assert nas.keys() == ["a.pdf", "b.tmp"]


def test_everything_with_removal_is_refused(nas: Nas) -> None:
    with pytest.raises(ClientError, match="InvalidRequestException"):
        nas.task(Options={"TransferMode": "ALL", "PreserveDeletedFiles": "REMOVE"})


def test_a_second_execution_waits_for_the_first(nas: Nas) -> None:
    nas.aws.transfers(hang=True)
    task = nas.task()
    first, second = nas.start(task), nas.start(task)
    datasync = nas.aws.client("datasync")

    nas.comes_to(first, "LAUNCHING", "PREPARING", "TRANSFERRING")
    assert nas.look(second)["Status"] == "QUEUED"
    told = datasync.describe_task(TaskArn=task)
    assert (told["Status"], told["CurrentTaskExecutionArn"]) == ("RUNNING", first)
    nas.aws.transfers()

    nas.comes_to(first, "SUCCESS")
    nas.comes_to(second, "SUCCESS")
    eventually(lambda: datasync.describe_task(TaskArn=task)["Status"] == "AVAILABLE")


def test_an_execution_can_be_cancelled_also_while_it_waits(nas: Nas) -> None:
    nas.aws.transfers(hang=True)
    task = nas.task()
    running, waiting = nas.start(task), nas.start(task)
    datasync = nas.aws.client("datasync")

    for execution in (waiting, running):
        datasync.cancel_task_execution(TaskExecutionArn=execution)

    for execution in (waiting, running):
        ended = nas.comes_to(execution, "ERROR")
        assert ended["Result"]["ErrorCode"] == "TaskExecutionCancelled"
        with pytest.raises(ClientError, match="can't be cancelled"):
            datasync.cancel_task_execution(TaskExecutionArn=execution)


def test_without_a_tunnel_nothing_is_copied(nas: Nas) -> None:
    nas.write("a.txt")
    nas.aws.tunnels("down")

    ended = nas.run()

    assert (ended["Status"], ended["Result"]["ErrorCode"]) == ("ERROR", "AgentOffline")
    assert nas.keys() == []


def test_an_agent_is_online_while_it_reports_and_a_tunnel_is_up(nas: Nas) -> None:
    datasync = nas.aws.client("datasync")
    [agent] = datasync.describe_location_smb(LocationArn=nas.source)["AgentArns"]

    def status() -> str:
        told = str(datasync.describe_agent(AgentArn=agent)["Status"])
        listed = {each["AgentArn"]: each["Status"] for each in datasync.list_agents()["Agents"]}
        assert listed[agent] == told
        return told

    eventually(lambda: status() == "ONLINE")
    nas.aws.transfers(agent=False)
    assert status() == "OFFLINE"
    nas.aws.transfers()
    nas.aws.tunnels("down")
    assert status() == "OFFLINE"


def test_without_an_agent_nothing_is_copied(nas: Nas) -> None:
    nas.write("a.txt")
    nas.aws.transfers(agent=False)

    ended = nas.run()

    assert (ended["Status"], ended["Result"]["ErrorCode"]) == ("ERROR", "AgentOffline")
    assert nas.keys() == []


def test_a_tunnel_that_drops_ends_the_transfer_the_next_one_copies_the_rest(nas: Nas) -> None:
    nas.write(*(f"{number}.txt" for number in range(20)))
    nas.aws.transfers(pause=0.05)
    task = nas.task()
    execution = nas.start(task)
    eventually(lambda: nas.look(execution).get("FilesTransferred", 0) > 1)

    nas.aws.tunnels("down")

    ended = nas.comes_to(execution, "ERROR")
    assert ended["Result"]["TransferStatus"] == "ERROR"
    copied = ended["FilesTransferred"]
    assert 1 < copied < 20
    nas.aws.transfers()
    nas.aws.tunnels("up")
    eventually(lambda: nas.run(task)["Status"] == "SUCCESS")
    assert len(nas.keys()) == 20


def test_as_many_transfers_fail_as_are_told_to(nas: Nas) -> None:
    nas.aws.transfers(fail=1)
    task = nas.task()

    assert [nas.run(task)["Status"] for _ in range(2)] == ["ERROR", "SUCCESS"]


def test_a_nas_that_is_off_deletes_nothing(nas: Nas) -> None:
    task = nas.task()
    nas.write("a.txt")
    nas.run(task)
    nas.aws.transfers(online=False)

    ended = nas.run(task)

    assert ended["Result"]["ErrorCode"] == "MountLocationSetupFailure"
    assert nas.keys() == ["a.txt"]


def test_what_the_role_may_not_do_is_not_done(nas: Nas) -> None:
    task = nas.task()
    nas.write("a.txt")
    nas.workshop.grant(nas.role, *(each for each in rights(nas.bucket) if "Put" not in str(each)))

    ended = nas.run(task)

    assert ended["Result"]["ErrorCode"] == "AccessDenied"
    assert "s3:PutObject" in ended["Result"]["ErrorDetail"]
    assert nas.keys() == []


def test_a_location_is_only_made_of_what_its_role_may_write(nas: Nas) -> None:
    other = nas.workshop.bucket()

    with pytest.raises(ClientError, match=r"access test failed.*s3:GetBucketLocation"):
        s3(nas.aws, other, nas.role)


def test_a_password_is_never_told(nas: Nas) -> None:
    told = nas.aws.client("datasync").describe_location_smb(LocationArn=nas.source)

    assert told["LocationUri"] == f"smb://{nas.server}/share/"
    assert told["User"] == "reader"
    assert "not to be told" not in str(told)


def test_an_execution_is_told_in_log_and_metrics(nas: Nas) -> None:
    logs = nas.aws.client("logs")
    logs.create_log_group(logGroupName=f"/aws/datasync/{nas.server}")
    group = f"arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/datasync/{nas.server}"
    nas.write("a.txt")

    execution = nas.run(CloudWatchLogGroupArn=group, Options={"LogLevel": "TRANSFER"})

    name = execution["TaskExecutionArn"].rsplit("/", 1)[-1]
    lines = eventually(
        lambda: logs.filter_log_events(logGroupName=f"/aws/datasync/{nas.server}")["events"]
    )
    assert f"Execution {name} finished with status SUCCESS" in lines[0]["message"]
