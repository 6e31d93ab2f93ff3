"""A provider's signature on a plan: it holds for every byte, is told everywhere, and nothing loosens what it signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk import settings, signature, signers
from kiosk.cli import main
from kiosk.opening import signature_event
from kiosk.planfile import read_plan
from kiosk.record.seal import KEY_FILE, PROVIDER_FILE, load_signer
from kiosk.session import commands
from kiosk.session import events as e
from kiosk.session.state import State
from kiosk.text import Names, sentence
from tests.unit.kiosk.record_samples import START
from tests.unit.kiosk.test_view_prepare import Bed


@pytest.fixture
def provider(tmp_path: Path) -> Path:
    """The provider's own data folder."""
    return tmp_path / "practice"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The household's."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def plan(tmp_path: Path, provider: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A signed one."""
    path = tmp_path / "plan.toml"
    path.write_text(read_plan("").text)
    path.chmod(0o640)
    assert main(["plan", "sign", str(path), "--data-dir", str(provider)]) == 0
    assert "kiosk key trust " in capsys.readouterr().out
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_signed_plan_is_the_same_plan_with_one_line_more(plan: Path, provider: Path) -> None:
    text = plan.read_text()
    assert text.startswith(read_plan("").text)
    assert text.count("\n") == read_plan("").text.count("\n") + 1
    read = read_plan(str(plan))
    assert read.plan == read_plan("").plan
    assert read.signature is not None
    assert read.signature.key == load_signer(provider, PROVIDER_FILE).fingerprint
    assert plan.stat().st_mode & 0o777 == 0o640
    assert (provider / PROVIDER_FILE).stat().st_mode & 0o777 == 0o600
    assert not (provider / KEY_FILE).exists()  # a provider's key is not the key of a room


def test_every_byte_of_it_is_signed(plan: Path) -> None:
    content = plan.read_bytes()
    for at in range(len(content)):
        bent = content[:at] + bytes([content[at] ^ 1 << at % 7]) + content[at + 1 :]
        try:
            text = bent.decode()
        except UnicodeDecodeError:
            continue  # refused as no text
        with pytest.raises(signature.SignatureError):
            signature.read(text)
    for bent in (content + b"\n", content + b"# more\n", content.replace(b"\n", b"\r\n"), content[:-1]):
        with pytest.raises(signature.SignatureError):
            signature.read(bent.decode())


def test_a_changed_plan_is_refused_by_name_and_starts_nothing(
    plan: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = signature.signer_of(plan.read_text())
    plan.write_text(plan.read_text().replace("[patient]", "[patient] ", 1))
    said = f"The plan {plan} was changed after it was signed with the key {key}."
    for words in (["check", str(plan)], ["show", str(plan)], ["page", str(plan)]):
        assert main(["plan", *words, "--data-dir", str(home)]) == 1
        assert said in capsys.readouterr().err
    assert main(["demo", "--seconds", "5", "--plan", str(plan), "--data-dir", str(home)]) == 1
    assert said in capsys.readouterr().err
    assert list(home.rglob("record.db")) == []


def test_without_its_last_line_it_is_an_unsigned_plan_and_says_so(
    plan: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(signature.parted(plan.read_text())[0])
    code, facts = told(capsys, "plan", "check", str(plan), "--data-dir", str(home))
    assert (code, facts["signature"]) == (0, {"key": "", "known": False, "name": ""})
    assert main(["plan", "check", str(plan), "--data-dir", str(home)]) == 0
    assert "not signed: nobody can tell whether it was changed" in capsys.readouterr().out


def test_a_changed_plan_can_be_signed_anew_and_has_one_signature(plan: Path, provider: Path, tmp_path: Path) -> None:
    plan.write_text(plan.read_text().replace("[patient]", "# looked at\n[patient]", 1))
    assert main(["plan", "sign", str(plan), "--data-dir", str(provider)]) == 0
    assert read_plan(str(plan)).signature is not None
    assert plan.read_text().count("# signed: ") == 1
    other = tmp_path / "other"
    assert main(["plan", "sign", str(plan), "--data-dir", str(other)]) == 0
    assert signature.signer_of(plan.read_text()) == load_signer(other, PROVIDER_FILE).fingerprint
    assert [p.name for p in tmp_path.glob(".*")] == []
    bent = plan.read_text().replace("\n# signed", " # signed")
    plan.write_text(bent)
    assert main(["plan", "sign", str(plan), "--data-dir", str(provider)]) == 1
    assert plan.read_text() == bent


def test_a_plan_with_a_mistake_is_not_signed(
    tmp_path: Path, provider: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[patient]\nlable = 'x'\n")
    assert main(["plan", "sign", str(path), "--data-dir", str(provider)]) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert path.read_text() == "[patient]\nlable = 'x'\n"


def test_a_providers_key_is_known_once_a_person_trusts_it_for_plans(
    plan: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = signature.signer_of(plan.read_text())
    show = ("plan", "show", str(plan), "--data-dir", str(home))
    assert told(capsys, *show)[1]["signature"] == {"key": key, "known": False, "name": ""}
    # trusted for sessions is not trusted for plans, and the other way round
    assert main(["key", "trust", key, "--name", "Robin at home", "--data-dir", str(home)]) == 0
    assert not told(capsys, *show)[1]["signature"]["known"]
    assert main(["key", "trust", str(plan), "--provider", "--data-dir", str(home)]) == 1
    assert "Compare" in capsys.readouterr().err
    trust = ["key", "trust", str(plan), "--provider", "--yes", "--name", "Dr. Okafor", "--data-dir", str(home)]
    assert main(trust) == 0
    assert told(capsys, *show)[1]["signature"] == {"key": key, "known": True, "name": "Dr. Okafor"}
    assert {one["signs"] for one in told(capsys, "key", "list", "--data-dir", str(home))[1]} == {"sessions", "plans"}
    assert main(["plan", "show", str(plan), "--data-dir", str(home)]) == 0
    assert f"signed by Dr. Okafor ({key}), a known key" in capsys.readouterr().out
    only_plans = tuple(one for one in signers.load(home) if one.signs == "plans")
    assert signers.known(only_plans, key, "") == "false"


def test_the_providers_fingerprint_can_be_read_out(provider: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = told(capsys, "key", "show", "--provider", "--data-dir", str(provider))
    assert (code, facts["fingerprint"]) == (0, load_signer(provider, PROVIDER_FILE).fingerprint)
    _, room = told(capsys, "key", "show", "--data-dir", str(provider))
    assert room["fingerprint"] != facts["fingerprint"]


def test_the_start_records_whose_plan_it_is(plan: Path, home: Path) -> None:
    read = read_plan(str(plan))
    assert read.signature is not None
    unknown = signature_event(read, home)
    assert unknown == e.PlanSignatureRead(read.signature.key)
    assert signature_event(read_plan(""), home) == e.PlanSignatureRead("")
    signers.save(home, (signers.Trusted(read.signature.key, "Dr. Okafor", signs="plans"),))
    known = signature_event(read, home)
    assert known == e.PlanSignatureRead(read.signature.key, True, "Dr. Okafor")
    assert State().apply(known, 3, START, 0.0).signature == known
    assert sentence(known, Names()).startswith("The plan is signed by Dr. Okafor")
    (home / signers.SIGNERS).write_text("{")
    assert signature_event(read, home) == unknown


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (e.PlanSignatureRead("1f0c4-77a1b"), ("circle-alert", "Signed with an unknown key.")),
        (e.PlanSignatureRead("1f0c4-77a1b", True, "Dr. Okafor"), ("shield-check", "Signed by Dr. Okafor, unchanged.")),
        (e.PlanSignatureRead(""), ("info", "The plan is not signed.")),
    ],
)
def test_the_preparation_says_it_before_the_start(event: e.PlanSignatureRead, said: tuple[str, str]) -> None:
    bed = Bed()
    bed.note(event)
    assert said in bed.page("plan_confirmed").notes


def test_no_setting_and_no_command_reaches_a_limit() -> None:
    """What locks a plan: its limits are nowhere else. A setting or command for one must be thought about here."""
    limits = ("spo2", "pulse", "pressure", "limit", "breaths", "stale")
    settable = {setting.key for setting in settings.SETTINGS}
    assert not [key for key in settable if any(word in key for word in limits)]
    fields = {
        f"{kind.__name__}.{field}"
        for kind in vars(commands).values()
        if isinstance(kind, type) and issubclass(kind, commands.Command)
        for field in kind.__struct_fields__
    }
    assert not [name for name in fields if "limit" in name.lower()]
