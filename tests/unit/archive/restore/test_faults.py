"""A restore whose S3 fails, is slow or cuts."""

from __future__ import annotations

from scripts.archive.exits import Exit
from tests.unit.archive.put import faulty_proxy
from tests.unit.archive.vault import Vault, unc

FILES = [f"d{number % 3}/{number:02}.txt" for number in range(60)]


def test_one_request_in_five_goes_wrong_and_every_file_is_asked_for(vault: Vault) -> None:
    vault.archive(FILES)
    asked: list[str] = []
    listed = vault.listed(*unc(""))

    with faulty_proxy.running(vault.aws.endpoint, share=0.2) as (url, faults):
        vault.environ["AWS_ENDPOINT_URL"] = url
        for _ in range(4):
            vault.forget()
            result = vault.run("restore", listed, "--yes")
            asked += vault.left("restore_requests")
            if result.exit_code == Exit.DONE:
                break
            listed = vault.listed(*vault.left("restore_errors"), name="again.txt")

    assert result.exit_code == Exit.DONE
    assert sum(faults.values()) > 10
    assert sorted(asked) == sorted(unc(*FILES))
