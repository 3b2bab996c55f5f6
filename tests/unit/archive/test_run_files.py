"""What a run leaves for people: distinct files, on disk as soon as they are written."""

from datetime import UTC, datetime
from pathlib import Path

from scripts.archive.run_files import RunFiles

NOW = datetime(2023, 10, 5, 18, 30, 15, tzinfo=UTC)  # 03:30:15 on the 6th in Tokyo


def test_a_list_is_named_after_the_time_in_tokyo(tmp_path: Path) -> None:
    with RunFiles(tmp_path / "lists", NOW) as files:
        files.path("failed_uploads", r"\\fsx-server-name\share\a.txt")
    file = tmp_path / "lists" / "failed_uploads_20231006-033015.txt"
    assert file.read_text() == "\\\\fsx-server-name\\share\\a.txt\n"
    assert files.written == {"failed_uploads": file}


def test_a_run_that_failed_nowhere_leaves_no_file(tmp_path: Path) -> None:
    with RunFiles(tmp_path, NOW):
        pass
    assert not list(tmp_path.iterdir())


def test_two_runs_of_one_second_have_files_of_their_own(tmp_path: Path) -> None:
    with RunFiles(tmp_path, NOW) as first, RunFiles(tmp_path, NOW) as second:
        first.path("failed_uploads", "first")
        second.path("failed_uploads", "second")
    assert first.written["failed_uploads"].read_text() == "first\n"
    assert second.written["failed_uploads"].name == "failed_uploads_20231006-033015-2.txt"


def test_a_line_is_on_disk_at_once(tmp_path: Path) -> None:
    with RunFiles(tmp_path, NOW) as files:
        files.path("failed_uploads", "first")
        assert files.written["failed_uploads"].read_text() == "first\n"


def test_an_error_takes_one_line(tmp_path: Path) -> None:
    with RunFiles(tmp_path, NOW) as files:
        files.error(r"\\s\share\x", "upload", "AccessDenied", "one\ntwo\tthree\r")
    [line] = files.written["error_log"].read_text().splitlines()
    when, *rest = line.split("\t")
    assert datetime.fromisoformat(when).utcoffset()
    assert rest == [r"\\s\share\x", "upload", "AccessDenied", "one two three "]


def test_a_name_that_is_not_unicode_does_not_stop_the_log(tmp_path: Path) -> None:
    with RunFiles(tmp_path, NOW) as files:
        files.error("\\\\s\\share\\\udcff", "check", "NotUnicode", "…")
    assert files.written["error_log"].read_text().count("\n") == 1
