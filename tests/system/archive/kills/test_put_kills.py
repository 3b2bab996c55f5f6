"""`archive put` killed at any moment and begun again: 0 lost, 0 doubled."""

from __future__ import annotations

import random
import signal
import time

import pytest

from scripts.archive.exits import Exit
from scripts.archive.put.sending import parts
from scripts.local_estate import postgres
from tests.system.archive.kills.operator import Operator
from tests.unit.archive.processes import Moment

SENDING = "scripts.archive.put.sending"
FILES = 12
STEPS = [
    ("obstore.put", 3),
    (f"{SENDING}.multipart.PartSender._send", 2),
    (f"{SENDING}.multipart.Upload.complete", 1),
    ("scripts.archive.archive_list.record", 1),
    (f"{SENDING}.mark.write", 5),
]

RANDOM_FILES = 500
RANDOM_KILLS = 200
LATEST_KILL = 0.3  # seconds after the first of something
BEGINNINGS = ["obstore.put", "scripts.archive.archive_list.record", f"{SENDING}.mark.write"]
EARLY_KILLS = 0.2  # of all: while it starts and checks


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("function", "nth"), STEPS)
def test_a_kill_at_each_side_effect_is_repaired(
    operator: Operator, function: str, nth: int, after: bool
) -> None:
    for number in range(FILES - 1):
        operator.back.write(f"d/{number:02}.txt", f"content {number}".encode())
    operator.back.write("large.bin", random.randbytes(parts.WHOLE_LIMIT + 5))

    assert operator.put(Moment(function, nth, after)) == -signal.SIGKILL
    assert operator.put() == Exit.DONE, operator.said()

    operator.assert_archived_once(FILES)


@pytest.mark.timeout(1800)  # four minutes where nothing else runs
def test_kills_at_random_moments_lose_and_double_nothing(operator: Operator) -> None:
    """Each time all is archived, all files change: the next runs make the next versions."""
    moments = random.Random(4)
    generation = kills = 0
    while kills < RANDOM_KILLS:
        generation += 1
        for number in range(RANDOM_FILES):
            operator.back.write(f"d{number % 7}/{number:03}.txt", b"%d %d" % (generation, number))
        code: int | None = None
        while code != Exit.DONE:
            early = moments.random() < EARLY_KILLS
            late = Moment(
                moments.choice(BEGINNINGS), 1, seconds=moments.uniform(0.001, LATEST_KILL)
            )
            process = operator.start(None if early or kills >= RANDOM_KILLS else late)
            process.join(moments.random() if early and kills < RANDOM_KILLS else None)
            process.kill()
            process.join()
            code = process.exitcode
            assert code in (Exit.DONE, -signal.SIGKILL), operator.said()
            kills += code == -signal.SIGKILL
        operator.assert_archived_once(RANDOM_FILES, versions=generation)
    print(f"{kills} kills, {generation} generations")


def test_two_operators_with_one_list_archive_everything_once(operator: Operator) -> None:
    for number in range(200):
        operator.back.write(f"{number:03}.txt", b"%d" % number)

    both = [operator.start(), operator.start()]
    for process in both:
        process.join()

    assert [process.exitcode for process in both] == [Exit.DONE, Exit.DONE]
    operator.assert_archived_once(200)


def test_an_original_is_deleted_only_when_the_archive_has_it(operator: Operator) -> None:
    for number in range(FILES):
        operator.back.write(f"{number:02}.txt", b"%d" % number)
    moment = Moment("pathlib.Path.unlink", 4, after=True)

    assert operator.put(moment, options=("--delete-originals",)) == -signal.SIGKILL

    left = sorted(operator.back.mount.glob("??.txt"))
    assert len(left) == FILES - 4
    assert len(operator.back.rows()) == len(operator.back.versions()) == FILES
    [log] = (operator.folder / "reports").glob("deleted_originals_*")
    lines = log.read_text("utf-8-sig").splitlines()[1:]
    assert [line.rpartition(",")[2] for line in lines] == ["削除開始", "削除済み"] * 3 + [
        "削除開始"
    ]

    assert operator.put(options=("--delete-originals",)) == Exit.DONE
    assert not list(operator.back.mount.glob("??.txt"))
    assert len(operator.back.versions()) == FILES


def test_a_database_that_restarts_meanwhile_is_waited_for(operator: Operator) -> None:
    server = operator.back.database.server
    for number in range(300):
        operator.back.write(f"{number:03}.txt", b"%d" % number)

    process = operator.start()
    while not operator.back.rows():
        time.sleep(0.01)
    postgres.stop(server.data)
    postgres.start(server.data, port=server.port, password=server.password)
    process.join()

    assert process.exitcode == Exit.DONE, operator.said()
    operator.assert_archived_once(300)
