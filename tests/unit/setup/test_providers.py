"""Which mirror is found, and what Terraform is told about it."""

from pathlib import Path

import pytest

from scripts.setup import providers


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of nobody: an empty home, no mirror, no configuration."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TF_PLUGIN_DIR", raising=False)
    monkeypatch.delenv("TF_CLI_CONFIG_FILE", raising=False)
    monkeypatch.setattr(providers, "PREFIXES", (str(tmp_path / "usual"), "~/.terraform.d/plugins"))
    monkeypatch.setattr(providers, "CLI_CONFIG", tmp_path / "local" / "terraform.rc")
    monkeypatch.setattr(providers, "PLUGIN_CACHE", tmp_path / "cache")


def mirror(folder: Path, *names: str) -> Path:
    for name in names or ("hashicorp/aws",):
        (folder / "registry.terraform.io" / name / "5.100.0").mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("usual", True),
        ("usual/plugins", True),
        ("usual/a/b/plugins", True),
        ("usual/a/b/c/plugins", False),
        ("home/.terraform.d/plugins", True),
        ("elsewhere", False),
    ],
)
def test_a_mirror_is_found_below_the_usual_places(
    tmp_path: Path, place: str, *, found: bool
) -> None:
    folder = mirror(tmp_path / place)
    assert providers.find_mirror() == (folder if found else None)


def test_the_folder_one_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror(tmp_path / "usual")
    mine = mirror(tmp_path / "mine")
    monkeypatch.setenv("TF_PLUGIN_DIR", str(mine))
    assert providers.find_mirror() == mine


def test_what_is_mirrored_comes_from_there_and_the_rest_from_the_registry(tmp_path: Path) -> None:
    folder = mirror(tmp_path / "usual", "hashicorp/aws", "acme/thing")

    providers.configure()

    names = '["registry.terraform.io/acme/thing", "registry.terraform.io/hashicorp/aws"]'
    written = providers.CLI_CONFIG.read_text()
    assert f'path    = "{folder}"' in written
    assert f"include = {names}" in written
    assert f"exclude = {names}" in written
    assert providers.environment({})["TF_CLI_CONFIG_FILE"] == str(providers.CLI_CONFIG)


def test_without_a_mirror_downloads_are_shared_between_stacks(tmp_path: Path) -> None:
    providers.CLI_CONFIG.parent.mkdir()
    providers.CLI_CONFIG.write_text("# of a mirror that is gone")

    providers.configure()

    env = providers.environment({})
    assert "TF_CLI_CONFIG_FILE" not in env
    assert env["TF_PLUGIN_CACHE_DIR"] == str(tmp_path / "cache")
    assert Path(env["TF_PLUGIN_CACHE_DIR"]).is_dir()


def test_a_configuration_of_ones_own_wins(tmp_path: Path) -> None:
    mirror(tmp_path / "usual")
    providers.configure()
    mine = tmp_path / "mine.rc"
    mine.touch()
    assert providers.environment({"TF_CLI_CONFIG_FILE": str(mine)})["TF_CLI_CONFIG_FILE"] == str(
        mine
    )

    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / ".terraformrc").touch()
    assert "TF_CLI_CONFIG_FILE" not in providers.environment({})


def test_a_configuration_that_is_missing_is_ignored(tmp_path: Path) -> None:
    mirror(tmp_path / "usual")
    providers.configure()
    env = providers.environment({"TF_CLI_CONFIG_FILE": str(tmp_path / "gone.rc")})
    assert env["TF_CLI_CONFIG_FILE"] == str(providers.CLI_CONFIG)
