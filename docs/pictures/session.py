"""One session under hands: its preparation, what must have been recorded after each act, and its story at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from hands import Hand
from sheet import Sheet
from stage import PATIENT, SITTER, NeverError, Stage

from kiosk.session.check import TONES, Check, checks
from kiosk.session.plan import Plan

PLAN = Path(__file__).parent / "walk-plan.toml"
WITHIN_S, AGAIN_AFTER_S = 20.0, 8.0
ANSWERS = {  # check -> key and words of the button that passes it; else Enter
    "medication_list": ("Enter", "It is right"),
    "dim_quiet": ("Enter", "Done"),
    "bed": ("Enter", "Done"),
    "mask_headphones": ("Enter", "Done"),
    "patient_phone": ("Enter", "Done"),
    "comfort": ("1", "Touch agreed"),
    "card_read": ("Enter", "Read"),
    "probe": ("1", "Left"),
    "cuff": ("2", "Right"),
    "baseline": ("Enter", "Take these"),
    "page_read": ("Enter", "Read aloud"),
}
SEEN = {  # what the check is called under its picture
    "person": "The first check",
    "solids": "The last meal: a time is typed",
    "sitter": "The sitter gives a name",
    "comfort": "Which touch is agreed",
    "probe": "What keeps the oximeter from being read",
    "same_number": "Compared with the device",
    "sound": "Sound test",
    "baseline": "SpO2 and pulse before the dose",
    "pressures": "Two blood pressures",
}
HOURS_AGO = {"solids": 7, "clear_liquids": 3}


class Session:
    """What the walks have in common. Each act waits for its own event, so that none is ever believed."""

    def __init__(self, stage: Stage, hand: Hand, sheet: Sheet, kind: str) -> None:
        """kind: of the session, patient or demo; a patient's here has no Bluetooth, so that every value is typed."""
        self.stage, self.hand, self.sheet, self.kind = stage, hand, sheet, kind
        self.types = kind == "patient"
        self.plan = Plan.from_toml(PLAN.read_text("utf-8"))
        self.acts = 0
        self.ends = "released"  # how the record must say that it ended

    # --- doing and seeing ---------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """Of the newest event."""
        return self.stage.last("SELECT max(seq) FROM v_events") or 0

    def press(self, key: str, name: str) -> None:
        """A press whose effect is only seen."""
        self.hand.press(key, name)

    def act(self, key: str, name: str, kind: str, **data: object) -> None:
        """A press, and the event that must follow from it."""
        self.acts_in_turn(((key, name),), kind, **data)

    def acts_in_turn(self, presses: tuple[tuple[str, str], ...], kind: str, **data: object) -> None:
        """Presses, and the event that must follow; once more where an alarm came between, as a person would."""
        before = self.seq
        for key, name in presses:
            self.press(key, name)
        try:
            self._await(kind, before, AGAIN_AFTER_S, data)
        except NeverError:
            for key, name in presses:
                self.press(key, name)
            self._await(kind, before, WITHIN_S, data)

    def event(self, kind: str, after: int = 0, within_s: float = WITHIN_S, **data: object) -> None:
        """Until an event of this kind with these data is recorded behind row `after`."""
        self._await(kind, after, within_s, data)

    def _await(self, kind: str, after: int, within_s: float, data: dict[str, object]) -> None:
        wanted = [f" AND json_extract(data, '$.{key}') = {_sql(value)}" for key, value in data.items()]
        found = f"SELECT seq FROM v_events WHERE kind = '{kind}' AND seq > {after}"
        self.stage.until(found + "".join(wanted), within_s)
        self.acts += 1

    def see(self, words: str, display: str = SITTER, settle_s: float = 1.3) -> None:
        """A picture of a step."""
        self.sheet.step(self.stage, words, display, settle_s)

    # --- preparation --------------------------------------------------------------------------------------------------

    def prepare(self, seen: tuple[str, ...]) -> None:
        """Answer every check in the order in which the pages come. seen: the checks to take a picture of."""
        for check in checks(self.plan, self.kind):
            if check.kind == "plan" or self._stands(check.key):
                continue
            if check.key in seen:
                self.see(SEEN.get(check.key, f"Check: {check.key.replace('_', ' ')}"))
            self.answer(check)

    def _stands(self, key: str) -> bool:
        """Whether a check is passed already: a pressure of the cuff may have come by itself."""
        sql = (
            "SELECT json_extract(data, '$.passed') FROM v_events WHERE kind = 'check_answered' "
            f"AND json_extract(data, '$.check') = '{key}' ORDER BY seq DESC LIMIT 1"
        )
        return bool(self.stage.last(sql))

    def answer(self, check: Check) -> None:
        """Answer this check as it passes."""
        match check.kind:
            case "time":
                self._time(check.key)
            case "sound":
                self._sound()
            case "pressures":
                self._pressures()
            case "oximetry" if self.types:
                self._type_baseline()
            case _ if check.key == "same_number" and self.types:
                self.press("→", "Later")  # there is nothing to compare; it goes once the baseline is typed
            case _ if check.key == "probe" and self.types:
                self.press("T", "Type values instead")
                self._pass(check.key, *ANSWERS[check.key])
            case _ if check.key == "same_pressure" and self.types:
                return
            case "named":
                self.press("1", self.plan.sitter.label)
                self._pass(check.key, "Enter", "All true")
            case _ if check.key == "card_read":
                self.act("E", "Emergency card", "emergency_card_shown")
                self.see("The emergency card, read before the start")
                self.press("Esc", "Back to the screen")
                self._pass(check.key, *ANSWERS[check.key])
            case _:
                self._pass(check.key, *ANSWERS.get(check.key, ("Enter", "Yes")))

    def _pass(self, key: str, button: str, name: str) -> None:
        self.act(button, name, "check_answered", check=key, passed=1)

    def _time(self, key: str) -> None:
        self.hand.digits((datetime.now() - timedelta(hours=HOURS_AGO[key])).strftime("%H%M"))
        self._pass(key, "Enter", "That is right")

    def _sound(self) -> None:
        for tone in TONES:
            self.act("Enter", f"Play the {tone} tone", "sound_tested")
            self.act("Enter", "I heard it", "check_answered", check="sound")
        self.event("check_answered", check="sound", passed=1)

    def _type_baseline(self) -> None:
        self.press("T", "Type it in")
        self.hand.digits("97")
        self.hand.onward()
        self.hand.digits("64")
        self.see("SpO2 and pulse typed")
        self._pass("baseline", "Enter", "Save")

    def _pressures(self) -> None:
        """The cuff sends the first, the second is typed; without Bluetooth both are."""
        for place, numbers in (("first", ("122", "78", "66")), ("second", ("120", "77", "64"))):
            answered = f"json_extract(data, '$.data.{place}') IS NOT NULL"
            asked = f"SELECT 1 FROM v_events WHERE kind = 'check_answered' AND {answered}"
            if place == "first" and not self.types:
                self.stage.until(asked, 90)  # the simulated cuff measures once by itself
            elif not self.stage.rows(asked):
                self.press("T", "Type it in")
                self.type_pressure(*numbers)
                self.stage.until(asked)
        self.event("check_answered", check="pressures", passed=1)
        self.see("Both pressures taken")
        self.press("Enter", "Next check")

    def type_pressure(self, systolic: str, diastolic: str, pulse: str, seen: str = "") -> None:
        """Into the open form, then saved."""
        count = "SELECT count(*) FROM v_blood_pressure WHERE source = 'typed'"
        before = self.stage.last(count) or 0
        self.hand.digits(systolic)
        for number in (diastolic, pulse):
            self.hand.onward()
            self.hand.digits(number)
        if seen:
            self.see(seen)
        self.press("Enter", "Save")
        self.stage.wait_for(lambda: (self.stage.last(count) or 0) > before, "the typed pressure", WITHIN_S)

    # --- the end ------------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Leave by the list's button, before anybody was released."""
        self.press("L", "List")
        self.hand.hold("Q", "End the session (hold 2 s)", 3)
        self.ends = "stopped before release"
        self.event("session_ended", how=self.ends)

    def story(self) -> str:
        """`v_events.text` in order, with the time of each."""
        rows = self.stage.rows("SELECT utc, text FROM v_events ORDER BY seq")
        return "".join(f"{utc[11:19]}  {text}\n" for utc, text in rows)


@contextmanager
def stage_for(sheet: Sheet, displays: int, readable: bool = False) -> Iterator[Stage]:
    """A stage for one walk; where it gets stuck, the sheet ends with what was to be seen there."""
    with Stage(displays, readable) as stage:
        try:
            yield stage
        except NeverError:
            sheet.step(stage, "STUCK HERE")
            raise
        finally:
            sheet.keep_record(stage)


def _sql(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def held_against_record(session: Session) -> str:
    """One line that says what the record holds. Raises NeverError where it is not what was done."""
    lines = json.loads(session.stage.kiosk("sessions", "--json"))
    if len(lines) != 1 or lines[0]["ended_how"] != session.ends:
        raise NeverError(f"one session that is {session.ends} was meant, `kiosk sessions` says {lines}")
    passed = "kind = 'check_answered' AND json_extract(data, '$.passed')"
    sql = f"SELECT count(DISTINCT json_extract(data, '$.check')) FROM v_events WHERE {passed}"
    return f"  {session.acts} acts recorded, {session.stage.last(sql)} checks passed, session {session.ends}"


__all__ = ["PATIENT", "PLAN", "SITTER", "Session", "held_against_record", "stage_for"]
