"""The manuals name only what exists, and the operators' manual all that an operator meets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from scripts.environments import Environment
from tests.conftest import Database
from tests.unit.docs import manuals

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
MODULES = ("terraform/modules/function", "terraform/modules/batch-scheduler")

# What the AWS CLI has beyond the services' own operations and options, and calls differently.
CLI_COMMANDS = {("logs", "tail"): {"follow", "since"}, ("s3", "cp"): set[str]()}
CLI_OPTIONS = {"cli-binary-format", "output", "query", "region"}
SERVICES = {"s3api": "s3"}
SESSION = botocore.session.get_session()


@dataclass(frozen=True)
class Manual:
    """What an operators' manual, `docs/<system>.md`, has to agree with.

    Attributes:
        system: name of the stack.
        code: files and folders with the messages that it quotes.
        quoting: sections whose tables begin with a message.
        settings: file that reads the settings, or folder of such files.
        schema: tables that its queries run on; None: there are neither.
        alarms: full names of all alarms in prd.
        also: settings that the file reads in another way.
    """

    system: str
    code: tuple[str, ...]
    quoting: tuple[str, ...]
    settings: str
    schema: str | None
    alarms: Callable[[], set[str]]
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return (ROOT / "docs" / f"{self.system}.md").read_text()


MANUALS = [
    Manual(
        system="sync-batch",
        code=("lambda", "layers", "scripts/operate.py", "scripts/runs.py"),
        quoting=("エラーと対処", "一部だけ終わったとき"),
        settings="lambda/sync_batch/settings.py",
        schema="lambda/sync_batch/schema.sql",
        alarms=lambda: {f"sync-batch-prd-{alarm}" for alarm in alarms()},
        also=("ENV_FILE",),
    ),
    Manual(
        system="archive",
        code=("scripts/archive", "layers"),
        quoting=("エラーと対処",),
        settings="scripts/archive/settings.py",
        schema="scripts/archive/schema.sql",
        alarms=lambda: {
            "archive-differences",
            *(
                f"archive-host-{alarm}"
                for alarm in table_of_alarms("terraform/modules/archive-host")
            ),
        },
        also=("ARCHIVE_SETTINGS",),
    ),
    Manual(
        system="efs-autoscaler",
        code=("lambda/efs_autoscaler", "layers", "scripts/efs_mounts"),
        quoting=("エラーと対処", "タスクが起動しないとき"),
        settings="lambda/efs_autoscaler/settings.py",
        schema=None,
        alarms=lambda: {
            f"efs-autoscaler-{alarm}" for alarm in alarms("terraform/modules/efs-autoscaler")
        },
        also=(
            *("EFS_ACCESS_POINT_ID", "EFS_DEFAULT_TARGETS", "EFS_MOUNT_ROOT", "EFS_MOUNT_SECONDS"),
            *("APP_USER", "EFS_MOUNTS"),
        ),
    ),
    Manual(
        system="dynamodb-export",
        code=("lambda/dynamodb_export", "layers", "scripts/dynamodb_export"),
        quoting=("エラーと対処",),
        settings="lambda/dynamodb_export/settings.py",
        schema=None,
        alarms=lambda: {
            *(f"{job}-{alarm}" for job in jobs_of_exports() for alarm in alarms()),
            *(
                f"dynamodb-export-{alarm}"
                for alarm in re.findall(
                    r"^    ([a-z-]+) = \{$",
                    (ROOT / "terraform/stacks/dynamodb-export/alarms.tf").read_text(),
                    re.MULTILINE,
                )
            ),
        },
        also=("DEBUG", "EXPORT_GZIP"),
    ),
    Manual(
        system="nas-sync",
        code=("lambda/nas_sync", "layers", "scripts/nas_sync"),
        quoting=("エラーと対処",),
        settings="lambda/nas_sync",
        schema=None,
        alarms=lambda: {
            *(f"CIS-BatchSync-{alarm}" for alarm in alarms_of_batches()),
            *alarms_of_their_functions(),
        },
    ),
]

each_manual = pytest.mark.parametrize("manual", MANUALS, ids=lambda manual: manual.system)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


@each_page
def test_links_lead_to_files_and_headings(page: Path) -> None:
    lost = [link for link in manuals.links(page.read_text()) if not leads(page, link)]
    assert not lost


@each_page
def test_make_commands_can_be_typed(page: Path) -> None:
    targets, variables = manuals.makefile_names((ROOT / "Makefile").read_text())
    words = manuals.make_words(page.read_text())
    assigned = {word.partition("=")[0] for word in words if "=" in word}
    environments = {word.removeprefix("ENV=") for word in words if word.startswith("ENV=")}
    assert {word for word in words if "=" not in word} <= targets
    assert assigned <= variables
    assert environments <= {*Environment, "<env>"}


@each_page
def test_aws_commands_and_their_options_exist(page: Path) -> None:
    commands = [line for line in manuals.commands(page.read_text()) if line.startswith("aws ")]
    assert not [command for command in commands if not is_aws_command(command)]


@each_page
def test_names_of_deployed_things_are_terraform_s(page: Path) -> None:
    named = re.findall(r"\bsync-batch-(?:local|dev|prd|<env>)\b(?:-[a-z0-9-]+)?", page.read_text())
    suffixes = {re.sub(r"^sync-batch-(local|dev|prd|<env>)", "", name) for name in named}
    unknown = {suffix for suffix in suffixes if suffix.lstrip("-") not in {"", *deployed()}}
    assert not unknown


@each_manual
def test_every_alarm_is_explained(manual: Manual) -> None:
    explained = manuals.first_cells(manuals.section(manual.text, "アラームへの対応"))
    assert set(explained) == manual.alarms()


def test_the_costs_of_nas_sync_count_all_its_alarms() -> None:
    count = len({*alarms_of_batches(), *alarms_of_their_functions()})
    assert f"| アラーム {count}（" in (ROOT / "docs/nas-sync-costs.md").read_text()
    assert f"| {count} alarms (" in (ROOT / "terraform/modules/datasync/README.md").read_text()


@pytest.mark.parametrize(
    ("manual", "title"),
    [(manual, title) for manual in MANUALS for title in manual.quoting],
    ids=lambda value: getattr(value, "system", value),
)
def test_quoted_messages_are_the_program_s(manual: Manual, title: str) -> None:
    quotes = manuals.first_cells(manuals.section(manual.text, title))
    files = python_files(*manual.code)
    told = [text for path in files for text in manuals.messages(path.read_text())]
    assert len(quotes) > 4
    assert not [quote for quote in quotes if not manuals.is_told(quote, told)]


@each_manual
def test_every_setting_is_listed(manual: Manual) -> None:
    listed = manuals.first_cells(manuals.section(manual.text, "設定一覧"))
    assert sorted(listed) == sorted(settings(manual))


@each_manual
def test_queries_run_on_the_tables_there_are(manual: Manual, database: Database) -> None:
    queries = manuals.blocks(manual.text, "sql")
    assert bool(queries) == bool(manual.schema)
    if manual.schema:
        database.query((ROOT / manual.schema).read_text())
    for query in queries:
        database.query(query)


def test_every_system_has_a_manual_that_is_looked_at() -> None:
    stacks = {path.name for path in (ROOT / "terraform" / "stacks").iterdir() if path.is_dir()}
    assert {manual.system for manual in MANUALS} == stacks


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A, b\n[x](gone.md) [y](#a-b) [z](#c) [w](page.md#a-b) [v](page.md#d)")
    lost = [link for link in manuals.links(page.read_text()) if not leads(page, link)]
    assert lost == [("gone.md", ""), ("", "c"), ("page.md", "d")]


def test_headings_are_named_as_github_names_them() -> None:
    page = "# 止める（緊急）\n## A/B: c_d\n## 同じ\n## 同じ\n```sh\n# no heading\n```\n"
    assert manuals.anchors(page) == {"止める緊急", "ab-c_d", "同じ", "同じ-1"}


def test_make_words_come_from_code_only() -> None:
    page = "make nothing of `make trigger ENV=prd`\n```console\n$ x && make logs  # make it\n```\n"
    assert manuals.make_words(page) == {"trigger", "ENV=prd", "logs"}


def test_a_command_within_another_is_read_by_itself() -> None:
    page = "`aws a b --c $(aws d e --f $(g) | h) --i`"
    assert [*manuals.commands(page)] == ["g", "aws d e --f", "h", "aws a b --c  --i"]


@pytest.mark.parametrize(
    "line",
    [
        "aws events disable-rules --name x",
        "aws event disable-rule --name x",
        "aws events disable-rule --rule x",
        "aws logs tail --rule x",
        "aws events",
    ],
)
def test_aws_commands_that_do_not_exist_are_found(line: str) -> None:
    assert not is_aws_command(line)


def test_messages_are_read_with_their_holes() -> None:
    source = '"""A note."""\nraise E(f"{x} can\'t be " f"read: {y}")\nlog("at %s s", 1)'
    told = list(manuals.messages(source))
    assert manuals.is_told("… can't be read: …", told)
    assert manuals.is_told("at … s", told)
    assert not manuals.is_told("A note.", told)
    assert not manuals.is_told("can't be written", told)
    assert not manuals.is_told("can't … read", told)


def leads(page: Path, link: manuals.Link) -> bool:
    """Whether a link's file is there, and the heading in it."""
    target = page.parent / link.path if link.path else page
    if not link.anchor:
        return target.exists()
    return target.is_file() and link.anchor in manuals.anchors(target.read_text())


def is_aws_command(command: str) -> bool:
    """Whether the AWS CLI has the service, the operation and the options of a command."""
    _, service, operation, *_ = [*command.split(), "", ""]
    options = set(re.findall(r"(?<= )--([a-z-]+)", command)) - CLI_OPTIONS
    if (service, operation) in CLI_COMMANDS:
        return options <= CLI_COMMANDS[service, operation]
    service = SERVICES.get(service, service)
    if service not in SESSION.get_available_services():
        return False
    model = SESSION.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return False
    shape = model.operation_model(names[operation]).input_shape
    return options <= {xform_name(name, "-") for name in (shape.members if shape else ())}


def alarms(*further_modules: str) -> set[str]:
    """What Terraform's alarms are called after the function's name."""
    code = manuals.terraform_code(ROOT, *MODULES, *further_modules)
    job = re.findall(r'alarm_name\s*= "\$\{var\.name\}-([a-z-]+)"', code)
    return {*table_of_alarms(MODULES[0]), *job}


def jobs_of_exports() -> list[str]:
    """The jobs of dynamodb-export, named as their functions are."""
    code = (ROOT / "terraform/stacks/dynamodb-export/jobs.tf").read_text()
    return re.findall(r"^    ([a-z-]+) = \{\n      description", code, re.MULTILINE)


def alarms_of_batches() -> list[str]:
    """Keys of nas-sync's alarms on runs, logs and what is left over."""
    code = (ROOT / "terraform/modules/datasync/alarms.tf").read_text()
    return re.findall(r'^ {4,6}(?:for .* : ")?([a-z-]+)"? =>? \{$', code, re.MULTILINE)


def alarms_of_their_functions() -> set[str]:
    """Each function of nas-sync may fail; those that reserve concurrency may be refused a start."""
    functions = re.findall(
        r"^    ([A-Z]\w+) = \{\n(      description.*?)^    \}",
        (ROOT / "terraform/modules/datasync/functions.tf").read_text(),
        re.MULTILINE | re.DOTALL,
    )
    reserving = {name for name, what in functions if "reserved_concurrency" in what}
    return {f"{name}-errors" for name, _ in functions} | {f"{name}-throttles" for name in reserving}


def table_of_alarms(module: str) -> set[str]:
    """Keys of the alarms that a module makes of a table."""
    code = manuals.terraform_code(ROOT, module)
    table = re.search(r"^  alarms = \{\n(.*?)^  \}", code, re.MULTILINE | re.DOTALL)
    assert table
    return {*re.findall(r"^    ([a-z-]+) = \{$", table[1], re.MULTILINE)}


def deployed() -> set[str]:
    """What Terraform's names end in after the function's name."""
    code = manuals.terraform_code(ROOT, *MODULES)
    assert '"schedule" : "schedule-${index + 1}"' in code
    return {
        *re.findall(r'"\$\{var\.name\}-([a-z-]+)"', code),
        *(f"schedule{number}" for number in ("", "-2", "-3")),
        *alarms(),
    }


def settings(manual: Manual) -> set[str]:
    """Names of all settings that a manual has to list."""
    code = "\n".join(path.read_text() for path in python_files(manual.settings))
    names = set(re.findall(r'(?:given|variables)\.(?!secret)\w+\(\s*"([A-Z0-9_]+)"', code))
    secrets = re.findall(r'(?:given|variables)\.secret\(\s*"([A-Z_]+)"', code)
    return {*manual.also, *names, *secrets, *(f"{name}_SECRET_ARN" for name in secrets)}


def python_files(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else path.rglob("*.py")
