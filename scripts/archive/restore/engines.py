"""The two ways to ask for objects: from this host, or through S3 Batch Operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import Progress, track

from scripts.archive import clients
from scripts.archive.restore import batch as jobs
from scripts.archive.restore import direct as requests
from scripts.archive.restore import report
from scripts.archive.restore.outcomes import Outcome, Status
from scripts.archive.restore.pacing import Pacer
from scripts.archive.restore.plan import Plan
from scripts.archive.restore_list.selection import Item, Selection
from scripts.archive.settings import Settings

Outcomes = Iterator[tuple[Item, Outcome]]
Engine = Callable[[Selection, Plan], AbstractContextManager[Outcomes]]
"""Asks for all objects; the block ends when what became of them is written."""
_TITLE = "復元を依頼中"


def direct(settings: Settings) -> Engine:
    """One request for each object."""

    @contextmanager
    def ask(chosen: Selection, plan: Plan) -> Iterator[Outcomes]:
        s3 = clients.s3(settings.region)
        wish = requests.Wish(settings.bucket, plan.tier, plan.days, Pacer())
        asked = requests.ask(s3, wish, chosen.items())
        yield track(asked, _TITLE, total=plan.objects, console=Console(stderr=True))  # type: ignore[misc]  # it is a generator

    return ask


def batch(settings: Settings) -> Engine:
    """One job of S3 Batch Operations.

    Raises:
        SettingsError: what it needs isn't set.
    """
    where = jobs.place(settings)

    @contextmanager
    def ask(chosen: Selection, plan: Plan) -> Iterator[Outcomes]:
        s3 = clients.s3(settings.region)
        control = clients.s3control(settings.region)
        job = jobs.start(s3, control, where, chosen.items(), plan)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task(f"{_TITLE}（ジョブ {job.id}）", total=plan.objects)
            problem = jobs.follow(
                control, where, job, lambda done: progress.update(task, completed=done)
            )
        reported = report.read(s3, where.lists, f"{job.folder}reports", job.id)
        yield _merged(chosen, reported, job.id, problem)
        jobs.finish(s3, where, job)

    return ask


def _merged(
    chosen: Selection, reported: Iterator[tuple[str, Outcome]], job: str, problem: str
) -> Outcomes:
    """What the report says, and for each object that it doesn't name, that it wasn't asked for."""
    for key, outcome in reported:
        if item := chosen.item(key):
            yield item, outcome
    reason = f"ジョブ {job} の報告にありません{f' ({problem})' if problem else ''}。"
    advice = "ロールの権限を確認し、restore_errors のリストで再実行してください"
    for item, status, _ in chosen.noted():
        if not status:
            yield item, Outcome(Status.NOT_ASKED, reason + advice, "NotInReport")
