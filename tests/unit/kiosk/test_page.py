"""The sitter's page: one sheet that holds the plan's every number, read back by a reader that is not ours."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from kiosk.cli import main
from kiosk.exchange.fault import ExchangeError, Reason
from kiosk.exchange.page import page
from kiosk.exchange.pdf import Paper
from kiosk.planform import ROUTES
from kiosk.session.plan import Contact, Plan
from kiosk.text import guide
from tests.unit.kiosk.evening import EXAMPLE, PLAN

CONFIRMED = EXAMPLE + '\n[confirmed]\nby = "Dr. Okafor"\non = 2026-11-03\nrole = "prescriber"\n'
NEIGHBOUR = Contact("Aleksandra Wiśniewska", "neighbour above, has the key", "+48 22 555 01 77")


def read(content: bytes) -> str:
    """The one page's text, all white space as one space."""
    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def changed(plan: Plan = PLAN, **tables: dict[str, object]) -> Plan:
    parts = {name: msgspec.structs.replace(getattr(plan, name), **fields) for name, fields in tables.items()}
    return msgspec.structs.replace(plan, **parts)


def without(*keys: str) -> str:
    return "\n".join(line for line in CONFIRMED.splitlines() if line.split(" ")[0] not in keys)


@pytest.fixture(scope="module")
def words() -> str:
    return read(page(PLAN))


@pytest.mark.parametrize(
    "said",
    [
        "Sitting by Robin", "For Sam", "Call 911", "14 Alder Lane, Flat 3, Springfield", "Robin M., 41 years",
        "120 mg under the tongue", "lot EXAMPLE-0001", "Took ketamine, 120 mg under the tongue, at ____:____",
        "sertraline and lisinopril", "Allergic to penicillin", "555 0142 Dr. Okafor, provider", "555 0199 Jo Rivera",
        "SpO2 below 90 for 15 s", "SpO2 below 85 for 2 s", "Pulse below 45 for 15 s", "Pulse above 130 for 15 s",
        "Blood pressure 160/100 or higher", "Blood pressure 180/110 or higher: urgent", "fewer than 8 times a minute",
        "more than 30 times a minute", "100 points × seconds, or 3 times in 60 s", "Limits set by Dr. Okafor, 3 Nov",
        "No number for 15 s: alarm; for 60 s: urgent; grey from 5 s", "6 % or 20/min apart for 30 s",
        "more than 2 inside its limit for 5 s", "Onset 0–15, Peak 15–60, Return 60–105, After 105–140",
        "15 ± 5 40 ± 5 60 ± 5 90 ± 5 120 ± 5", "Look in every 15 min", "No solid food for 6 h", "clear liquid for 2 h",
        "140/90 or higher: no dose, measure again after 5 min", "20 h at least", "respiratory concern", "hypertension",
        "Not before 120 min after the dose", "2 min steady on each step", "within 20 % of before", "last 10 min",
        "last 30 min", "for 10 min at most",
    ],
)  # fmt: skip
def test_every_number_of_the_plan_is_on_the_page(said: str, words: str) -> None:
    assert said in words


def test_what_to_do_is_in_the_order_of_the_screen(words: str) -> None:
    steps = (
        "Look at Robin",
        "Check the finger probe",
        "Say “Robin!” loudly",
        "onto one side. Tilt the head back a little",
    )
    order = (*steps, "Watch the number", "Call for help now")
    found = [words.rindex(step) for step in order]
    assert found == sorted(found)


def test_it_says_what_it_is_and_what_its_text_comes_from(words: str) -> None:
    for said in ("The devices' own alarms come first", "Not a medical device", "text of 2026-11", *guide.SOURCES):
        assert said in words
    for lead, _ in guide.never():
        assert lead.format(patient="Robin") in words


def test_limits_that_nobody_confirmed_say_so_twice_and_confirmed_ones_say_by_whom(words: str) -> None:
    assert words.lower().count("not confirmed by a provider") == 2
    confirmed = read(page(Plan.from_toml(CONFIRMED)))
    assert "not confirmed" not in confirmed
    assert "Plan confirmed by Dr. Okafor, 2026-11-03, prescriber" in confirmed


def test_what_the_plan_leaves_out_is_said_to_be_left_out() -> None:
    bare = without(
        "spo2_low", "spo2_hard", "spo2_area", "pulse_low", "breaths_low", "systolic_high", "diastolic_high", "lot",
        "minimum_min", "min_gap_hours", "hold", "dose_mg", "medications", "allergies",
    )  # fmt: skip
    words = read(page(Plan.from_toml(bare)))
    for what in ("low SpO2", "very low SpO2", "repeated dips", "low pulse", "blood pressure", "slow breathing"):
        assert f"No limit set for {what}" in words
    for said in ("no dose set in the plan", "no lot in the plan", "sets no minimum time", "sets no hold limit",
                 "sets no time since the last", "lists no other medicines", "lists no allergies"):  # fmt: skip
        assert said in words
    assert "120" not in words.replace("120 ± 5", "")


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_each_paper_has_its_size_and_embedded_fonts(paper: Paper, size: tuple[int, int]) -> None:
    sheet = PdfReader(BytesIO(page(PLAN, paper))).pages[0]
    assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) == size
    fonts = [font.get_object() for font in sheet["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "IBMPlexSans" in descriptor["/FontName"]
        assert len(descriptor["/FontFile2"].get_object().get_data()) > 1000


def test_what_a_viewer_lists_of_the_file_names_nobody() -> None:
    info = PdfReader(BytesIO(page(PLAN))).metadata
    assert info is not None
    assert info.title == "Sitter's page"
    told = " ".join(str(value) for value in info.values())
    assert not any(name in told for name in ("Robin", "Sam", "Okafor", "Ketamine", "911"))


def test_the_same_plan_gives_the_same_bytes_in_another_process_too() -> None:
    code = "import sys; from kiosk.exchange.page import page; from kiosk.planfile import read_plan\n"
    code += 'sys.stdout.buffer.write(page(read_plan("").plan))'
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert page(PLAN) == page(PLAN) == other.stdout


def test_long_texts_shrink_and_nothing_of_them_is_cut() -> None:
    medicines = tuple(f"hydrochlorothiazide/triamterene {i}" for i in range(8))
    label = "Maximiliane-Alexandra Konstantinopoulou-von der Heyde"
    address = "Rear building, third staircase, 4th floor\nLlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    long = changed(
        patient={"label": label, "medications": medicines},
        contacts={"address": address, "people": (*PLAN.contacts.people, *[NEIGHBOUR] * 4)},
    )
    words = read(page(long))
    assert all(m.replace(" ", "") in squeezed(words) for m in medicines)
    assert squeezed(label) in squeezed(words)
    assert squeezed(address) in squeezed(words)
    assert words.count("+48 22 555 01 77") == 4


def test_what_does_not_fit_on_a_page_is_refused_and_the_longest_part_is_named() -> None:
    with pytest.raises(ExchangeError) as refused:
        page(changed(contacts={"people": (NEIGHBOUR,) * 40}))
    assert refused.value.reason is Reason.TOO_LONG
    assert refused.value.detail.startswith("contacts.people")


def test_letters_of_three_scripts_are_drawn() -> None:
    words = read(page(changed(patient={"label": "Марина"}, sitter={"label": "Γιώργος"}, contacts={"address": "Łódź"})))
    assert "Sitting by Марина" in words
    assert "Γιώργος" in words
    assert "Łódź" in words


@pytest.mark.parametrize("label", ["山田", "רות", "Robin 😀", "Ro\u202ebin", "Ro\x07bin"])
def test_letters_that_the_fonts_do_not_have_are_refused_by_name(label: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        page(changed(patient={"label": label}))
    assert refused.value.reason is Reason.NO_LETTER
    assert refused.value.detail.isprintable()


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_fits_with_its_own_times(route: str) -> None:
    plan = msgspec.structs.replace(changed(medication={"route": route}), phases=())
    assert "usual for this route, not set by the plan" in read(page(plan, Paper.LETTER))


@settings(max_examples=8)
@given(st.text(st.sampled_from("aÄ Жω{}%_*#\n"), min_size=1, max_size=120), st.integers(0, 5))
def test_any_text_is_drawn_whole_on_one_page(text: str, contacts: int) -> None:
    people = tuple(Contact(text, "role", str(i)) for i in range(contacts))
    words = squeezed(read(page(changed(contacts={"address": text, "people": people}, patient={"card_name": text}))))
    assert words.count(squeezed(text)) >= 1 + contacts


def run(*args: str | Path) -> int:
    return main([str(word) for word in ("plan", "page", *args)])


def test_the_command_writes_a_private_file_and_never_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(EXAMPLE, encoding="utf-8")
    assert run(plan) == 0
    made = tmp_path / "plan-page.pdf"
    said = capsys.readouterr().out
    assert f"{made} is one page on A4" in said
    assert "no provider has confirmed" in said
    assert made.stat().st_mode & 0o777 == 0o600
    before = made.read_bytes()
    assert run(plan, "--paper", "letter") == 1
    assert "is left as it is" in capsys.readouterr().err
    assert made.read_bytes() == before
    assert run(plan, "--to", tmp_path / "b.pdf", "--paper", "letter", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "page": str(tmp_path / "b.pdf"),
        "paper": "letter",
        "confirmed": False,
    }
    assert len(list(tmp_path.iterdir())) == 3


def test_the_command_refuses_in_one_sentence_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(EXAMPLE.replace('label = "Robin"', 'label = "山田"'), encoding="utf-8")
    assert run(plan) == 1
    assert re.fullmatch(r"kiosk: .*山.*Latin, Greek or Cyrillic letters\.\n", capsys.readouterr().err)
    people = '[[contacts.people]]\nname = "Jo"\nrole = "friend"\nnumber = "1"\n'
    plan.write_text(EXAMPLE + people * 200, encoding="utf-8")
    assert run(plan) == 1
    assert "Shorten the longest of it: contacts.people" in capsys.readouterr().err
    plan.write_text(EXAMPLE, encoding="utf-8")
    assert run(plan, "--to", tmp_path / "none" / "a.pdf") == 1
    assert run(tmp_path / "missing.toml") == 1
    assert capsys.readouterr().err.count("\n") == 2
    assert [p.name for p in tmp_path.iterdir()] == ["plan.toml"]


def test_the_pdf_library_is_loaded_without_numpy_and_who_wants_it_has_it_afterwards() -> None:
    """It would take it for pictures, in a quarter of its time; none is ever drawn."""
    code = (
        "import sys, kiosk.exchange.pdf; print('numpy' in sys.modules); import numpy; print(numpy.array([1, 2]).sum())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["False", "3"]
