"""`cadre notify` and the settings behind it; whoever serves tells what another process did."""

import json
from pathlib import Path

import pytest

from cadre.config import create_workspace
from cadre.runtime import open_runtime
from cadre.services.agents.govern import Place, set_value
from tests.cli.conftest import Cadre
from tests.services.listener import listening, until

NOTIFY = '\n[pages]\naddress = "https://cadre.example.com"\n[[notify]]\nname = "on call"\nkind = "slack"\n'

SECOND = '[[notify]]\nname = "on call"\nkind = "slack"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_workspace(tmp_path / "firm", name="Firm", zone="Europe/Vienna")
    return tmp_path / "firm"


def told(root: Path, more: str) -> str:
    path = root / "cadre.toml"
    path.write_text(path.read_text("utf-8") + NOTIFY + more, "utf-8")
    return str(root)


def test_without_an_endpoint_nobody_is_told(cadre: Cadre, root: Path) -> None:
    done = cadre("notify", "list", "--workspace", str(root))

    assert (0, "Nobody is told: `cadre.toml` has no [[notify]].\n") == (done.code, done.out)
    assert [] == open_runtime(root).watcher.senders


def test_endpoints_are_listed_without_their_addresses(cadre: Cadre, root: Path) -> None:
    where = told(root, 'url = "https://hooks.example.com/s3cret"\nclients = ["acme"]\n')
    plain, as_json = cadre("notify", "list", "-w", where), cadre("notify", "list", "-w", where, "--json")

    assert "on call (slack): asked, expiring, glass, stopped, at acme\n" == plain.out
    assert ("on call", False) == (json.loads(as_json.out)[0]["name"], "s3cret" in plain.out + as_json.out)


def test_a_test_message_says_what_arrived(cadre: Cadre, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = told(root, 'url_from = "HOOK"\n')
    with listening(200, 404) as heard:
        monkeypatch.setenv("HOOK", heard.url)
        done = [cadre("notify", "test", "-w", where) for _ in range(2)]

    assert [(0, "ok   on call: the message was taken\n"), (1, "MEND on call: status 404\n")] == [
        (one.code, one.out) for one in done
    ]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("", "takes one of url and url_from"),
        ('url = "https://a.example"\nurl_from = "HOOK"\n', "takes one of url and url_from"),
        ('url_from = "NOT_SET_ANYWHERE"\n', "NOT_SET_ANYWHERE is not set"),
        ('url = "http://hooks.example.com/s3cret"\n', "'on call' is no https address"),
        ('url = "https://a.example"\nabout = ["all"]\n', "notify.0.about.0"),
        ('url = "https://a.example"\nsecret_from = "HOME"\n', "'on call' is slack, which is not signed"),
        ('url = "https://a.example"\n' + SECOND, "each needs a name of its own"),
    ],
)
def test_what_cannot_be_told_is_said_without_the_address(cadre: Cadre, root: Path, more: str, wrong: str) -> None:
    done = cadre("notify", "test", "-w", told(root, more))

    assert (2, True, False) == (done.code, wrong in done.err, "s3cret" in done.err)


def test_who_serves_tells_what_another_process_set(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(root, 'url_from = "HOOK"\n')
    with listening() as heard:
        monkeypatch.setenv("HOOK", heard.url)
        serving, other = open_runtime(root), open_runtime(root)
        serving.watcher.seconds = 0.02
        serving.watcher.begin()
        set_value(other.principal, other.work(), other.clock, "switch", True, place=Place(agent="bot"), reason="odd")
        until(lambda: bool(heard.got))
        serving.close()

    assert (
        "Stopped: bot at all clients. Until it is let go on, everything it asks for is refused."
        == heard.bodies()[0]["text"]
    )
