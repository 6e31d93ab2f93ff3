"""Replays in plain words: what comes in, and exactly what must follow. Simulated time, one tick a second.

    limit spo2_low below 90 for 15 s, clear above 92 for 5 s; stale after 15 s, high after 60 s
    at 0    spo2 97
    at 60   spo2 84                                  # repeats each second until the next value line
    at 75                      => raised spo2_low high, tone on
    at 76   acknowledge        => tone off

Everything that is raised, stepped, cleared, and every change of tone, call and escalation must stand behind an
arrow at its second, and nothing else may happen. Facts (`last 84`, `kept spo2_low`) are checked where they stand.
`silent` and `link lost` let the reading of their own second through; then nothing more comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec

from devices.reading import CuffPressure, Oximetry, Pressure, Quality, Reading, Source, Stamp, Value
from kiosk.session import events as e
from kiosk.session.alarm.bed import Breaths
from kiosk.session.alarms import Alarms, Bed
from kiosk.session.events import Event, Severity
from kiosk.session.limits import Area, Bound, Clear, Delayed, Hard, Limits, Stale, Tiered
from kiosk.session.state import State

OXIMETER, CUFF, SECOND = "aa:bb", "cc:dd", "ee:ff"
_VALUE_WORDS = {"questionable": Quality.QUESTIONABLE, "invalid": Quality.INVALID, "test": Quality.TEST}
_STEP = re.compile(r"^at (\d+)\b\s*(.*)$")


@dataclass
class Line:
    """One `at` line: second, what comes in, what must follow."""

    at_s: int
    does: str
    expects: list[str]
    text: str


@dataclass
class Script:
    """A parsed replay."""

    limits: Limits = field(default_factory=lambda: Limits(author="Dr. Okafor", set_on=date(2026, 11, 3)))
    oximeter: str = "required"
    by_hand: bool = False  # arming and start are lines of their own
    lines: list[Line] = field(default_factory=list)


def parse(text: str) -> Script:
    """Read a replay; ValueError names the line that means nothing."""
    script = Script()
    fields: dict[str, object] = {"clear": Clear(margin=Decimal(0), hold_s=0.0)}
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if match := _STEP.match(line):
            does, _, expects = match[2].partition("=>")
            wanted = [x.strip() for x in expects.split(",") if x.strip()]
            script.lines.append(Line(int(match[1]), does.strip(), wanted, raw.strip()))
        else:
            for part in line.split(";"):
                _set(script, fields, part.strip())
    base = {name: getattr(script.limits, name) for name in ("author", "set_on")}
    script.limits = Limits(**{**base, **fields})  # type: ignore[arg-type]
    return script


def _set(script: Script, fields: dict[str, object], part: str) -> None:
    if match := re.match(
        r"^limit (\w+) (?:below|above) (\d+) for (\d+) s(?:, clear (?:above|below) (\d+)(?: for (\d+) s)?)?$", part
    ):
        name, value, delay, clear, hold = match.groups()
        kind = Hard if name == "spo2_very_low" else Delayed
        fields["spo2_hard" if name == "spo2_very_low" else name] = kind(Decimal(value), float(delay))
        if clear:
            fields["clear"] = Clear(abs(Decimal(clear) - Decimal(value)), float(hold or 0))
    elif match := re.match(r"^limit pressure_high (\d+)/(\d+)(?:, hard (\d+)/(\d+))?$", part):
        s, d, hs, hd = (None if x is None else Decimal(x) for x in match.groups())
        assert s is not None
        assert d is not None
        fields["systolic_high"], fields["diastolic_high"] = Tiered(s, hs), Tiered(d, hd)
    elif match := re.match(r"^limit spo2_area (\d+) points, or (\d+) falls in (\d+) s$", part):
        fields["spo2_area"] = Area(Decimal(match[1]), int(match[2]), float(match[3]))
    elif match := re.match(r"^limit (breaths_low|breaths_high) (?:below|above) (\d+)$", part):
        fields[match[1]] = Bound(Decimal(match[2]))
    elif match := re.match(r"^stale after (\d+) s(?:, high after (\d+) s)?$", part):
        fields["stale"] = Stale(gone_s=float(match[1]), high_s=float(match[2] or 60))
    elif match := re.match(r"^oximeter (required|wanted|unused)$", part):
        script.oximeter = match[1]
    elif part == "armed by hand":
        script.by_hand = True
    elif part:
        raise ValueError(f"means nothing: {part!r}")


class Stage:
    """Plays a script second by second and collects what happens."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.state = State()
        self.seq = 0
        self.source: Callable[[int], Reading | None] = lambda now: None
        self.others: dict[str, Callable[[int], Reading | None]] = {}  # a second oximeter, a cuff that inflates
        self.bed = Bed()
        self.recent: list[tuple[Reading, float]] = []
        self.alarms = self._new()
        self.happened: list[str] = []
        self.shown = ("tone off", "call off", "escalation 0")
        self.skipped = 0

    def _new(self) -> Alarms:
        roles = {OXIMETER: "oximeter", CUFF: "cuff", SECOND: "oximeter"}
        return Alarms(self.script.limits, roles, self.script.oximeter)  # type: ignore[arg-type]

    def play(self) -> Iterator[tuple[int, list[str], list[Line]]]:
        """For each second: what happened and the lines of that second."""
        if not self.script.by_hand:
            self._say([e.SessionOpened("s", "trial", True, 1, "", "", "", "", 0, "", "", "", "", "", "", None, ())], 0)
            self._say(self.alarms.arm_technical(0), 0)
            self._say([e.SessionStarted()], 0)
            self._say(self.alarms.arm_values(0), 0)
        by_second: dict[int, list[Line]] = {}
        for line in self.script.lines:
            by_second.setdefault(line.at_s, []).append(line)
        for now in range(max(by_second) + 1):
            self.happened = []
            lines = by_second.get(now, [])
            self._second(now, lines)
            yield now, self.happened, lines

    def _second(self, now: int, lines: list[Line]) -> None:
        for line in lines:
            if self._is_source(line.does):
                self._set_source(line.does, now)
        if now >= self.skipped:
            for source in (self.source, *self.others.values()):
                reading = source(now)
                if reading is not None:
                    self._take(reading, now)
        for line in lines:
            if line.does and not self._is_source(line.does):
                self._do(line.does, now)
        if now >= self.skipped:
            self._say(self.alarms.tick(now), now)
        self._look(now)

    def _is_source(self, does: str) -> bool:
        return bool(re.match(r"^(spo2|pulse|finger off|stored|second|cuff \d+|cuff off)\b", does))

    def _set_source(self, does: str, now: int) -> None:
        word, _, rest = does.partition(" ")
        if word == "second":
            self.others[word] = lambda at: None if rest == "silent" else _oximetry(rest, at, SECOND)
        elif word == "cuff":
            self.others[word] = lambda at: None if rest == "off" else _cuff(rest, at)
        else:
            self.source = lambda at: _oximetry(does, at)

    def _take(self, reading: Reading, now: int) -> None:
        self.recent.append((reading, now))
        self._say(self.alarms.take(reading, now), now)

    def _do(self, does: str, now: int) -> None:
        a, word = self.alarms, does.split()
        listed = a.signal(now).occurrences
        first = next((o.name for o in listed if not o.answered and not o.latched), "")
        if does in ("silent", "link lost", "adapter off"):
            self.source = lambda at: None
        if does == "silent":
            said: list[Event] = []
        elif word[0] == "acknowledge":
            said = a.acknowledge(word[1] if len(word) > 1 else first, now)
        elif word[0] == "pause":
            said = a.pause(int(word[1]) if len(word) > 1 else 120, now)
        elif does == "sounds on":
            said = a.resume_sounds(now)
        elif word[0] == "seen":
            said = a.close(word[1] if len(word) > 1 else next(o.name for o in listed if o.latched), now)
        elif word[0] == "step":
            said = a.answer_step(first or listed[0].name, word[1], "done", now)
        elif does in ("call", "answer", "came"):
            said = {"call": a.call, "answer": a.answer_call, "came": a.end_call}[does](now)
        elif does in ("start", "devices on"):
            said = [e.SessionStarted(), *a.arm_values(now)] if does == "start" else a.arm_technical(now)
        elif does == "end":
            said = [*a.end(now), e.SessionEnded("released")]
        elif does in ("help up", "help over"):
            self._say([e.HelpUpBegan(600) if does == "help up" else e.HelpUpEnded("pressed")], now)
            return None
        elif word[0] in ("response", "breaths", "look", "same"):
            self.bed = _at_the_bed(self.bed, does)
            self.alarms.observe(self.bed)
            said = []
        elif word[0] == "pressure" or does.startswith("typed"):
            return self._take(_single(does, now), now)
        elif word[0] == "jump":
            self.skipped = now + int(word[1])
            return None
        elif does == "jumped":
            said = a.jumped(now)
        elif does == "restart":
            self.alarms = self._new()
            self.alarms.observe(self.bed)
            said = self.alarms.resume(self.state, [(r, t) for r, t in self.recent if now - t <= 75], now)
        else:
            said = self._told(does, now)
        return self._say(said, now)

    def _told(self, does: str, now: int) -> list[Event]:
        """`X`, `X ends`: a condition of that name; the link and the adapter have words of their own."""
        words = {"link lost": "device_lost", "link back": "device_lost ends", "adapter off": "adapter_off"}
        words["adapter on"] = "adapter_off ends"
        name = words.get(does, does)
        active = not name.endswith(" ends")
        name, number = name.removesuffix(" ends"), re.search(r" (\d+)$", name)
        data = {"value": number[1]} if number else {}
        return self.alarms.condition(
            name.removesuffix(number[0] if number else "").replace(" ", "_"), active, now, data
        )

    def _say(self, said: list[Event], now: int) -> None:
        for event in said:
            self.seq += 1
            self.alarms.hear(event, now)
            self.state = self.state.apply(event, self.seq, Stamp(now * 10**9, now * 10**9), now)
            if text := _words(event):
                self.happened.append(text)
        assert self.state.standing == self.alarms.standing, "the record's fold and the alarms disagree"

    def _look(self, now: int) -> None:
        s = self.alarms.signal(now)
        tone = f"tone {s.severity.name.lower()}" if s.severity else "tone off"
        shown = (tone, "call on" if s.call else "call off", f"escalation {s.escalation}")
        self.happened += [new for old, new in zip(self.shown, shown, strict=True) if old != new]
        self.shown = shown


def _words(event: Event) -> str:
    if isinstance(event, e.AlarmRaised):
        return f"raised {event.alarm} {Severity(event.severity).name.lower()}"
    if isinstance(event, e.AlarmStepped):
        return f"stepped {event.alarm} {Severity(event.severity).name.lower()}"
    return f"cleared {event.alarm}" if isinstance(event, e.AlarmCleared) else ""


def _value(word: str | None, quality: Quality, reason: str) -> Value:
    usable = word is not None and quality is not Quality.INVALID
    return Value(
        Decimal(word) if usable and word else None, quality if word else Quality.INVALID, (reason,) if reason else ()
    )


def _at_the_bed(bed: Bed, does: str) -> Bed:
    """`response touch`, `breaths 3 in 30`, `look due 900`, `look never`, `same arm`: what the state would say."""
    word, _, rest = does.partition(" ")
    if word == "response":
        return msgspec.structs.replace(bed, response=rest)
    if word == "breaths":
        count, seconds = rest.split(" in ")
        return msgspec.structs.replace(bed, breaths=Breaths(int(count), float(seconds)))
    if word == "look":
        due_s = float(rest.removeprefix("due ")) if rest.startswith("due ") else None
        return msgspec.structs.replace(bed, look_due_s=due_s)
    return msgspec.structs.replace(bed, same_arm=True)


def _cuff(mmhg: str, at: int) -> Reading:
    return Reading(CUFF, Stamp(at * 10**9, at * 10**9), CuffPressure(Value(Decimal(mmhg))))


def _oximetry(does: str, at: int, device: str = OXIMETER) -> Reading:
    if does == "finger off":
        off = Value(None, Quality.INVALID, ("finger off",))
        return Reading(device, Stamp(at * 10**9, at * 10**9), Oximetry(off, off))
    quality = next((q for word, q in _VALUE_WORDS.items() if f" {word}" in f" {does}"), Quality.VALID)
    spo2, pulse = (re.search(rf"{name} ([\d.]+)", does) for name in ("spo2", "pulse"))
    reason = does.partition("because ")[2]
    values = [_value(m[1] if m else None, quality, reason if m else "") for m in (spo2, pulse)]
    source = Source.STORED if does.startswith("stored") else Source.DEVICE
    return Reading(device, Stamp(at * 10**9, at * 10**9), Oximetry(*values), source=source)


def _single(does: str, at: int) -> Reading:
    typed = does.startswith("typed")
    stamp, source = Stamp(at * 10**9, at * 10**9), Source.TYPED if typed else Source.DEVICE
    if match := re.search(r"pressure (\d+)/(\d+)(?: pulse (\d+))?( questionable)?", does):
        quality = Quality.QUESTIONABLE if match[4] else Quality.VALID
        values = [Value(Decimal(match[i]), quality) for i in (1, 2)]
        mean, pulse = Value(None, Quality.INVALID), Value(Decimal(match[3])) if match[3] else None
        measured = Pressure(values[0], values[1], mean, pulse)
        return Reading("typed" if typed else CUFF, stamp, measured, source=source)
    reading = _oximetry(does.removeprefix("typed "), at)
    return Reading("typed", stamp, reading.measurement, source=source)


def differences(happened: list[str], lines: list[Line], alarms: Alarms, now: int) -> list[str]:
    """What does not agree: missing, unasked, or a fact that is not so."""
    wrong: list[str] = []
    left = list(happened)
    for line in lines:
        for want in line.expects:
            found = next((h for h in left if _agrees(want, h)), None)
            if found is not None:
                left.remove(found)
            elif not _is_fact(want, alarms, now):
                wrong.append(f"expected {want!r}, got {happened} ({line.text})")
    return wrong + [f"at {now} unasked: {h!r}" for h in left]


def _agrees(want: str, happened: str) -> bool:
    if want == "tone on":
        return happened.startswith("tone ") and happened != "tone off"
    return happened == want or (want.startswith(("raised", "stepped")) and happened.startswith(f"{want} "))


def _is_fact(want: str, alarms: Alarms, now: int) -> bool:
    """A fact that stands now: `latched X`, `closed X`, `answered X`, `paused`, or a datum of the first occurrence."""
    signal, word = alarms.signal(now), want.split()
    by_name = {o.name: o for o in signal.occurrences}
    if word[0] in ("latched", "answered"):
        return word[1] in by_name and bool(getattr(by_name[word[1]], word[0]))
    if word[0] == "unanswered":
        return word[1] in by_name and not by_name[word[1]].answered
    if word[0] == "closed":
        return word[1] not in by_name
    if word[0] == "suspended":
        return word[1] in by_name and by_name[word[1]].suspended
    if want in ("paused", "coming"):
        return signal.pause_until_s is not None if want == "paused" else signal.call_state == "coming"
    return bool(signal.occurrences) and signal.occurrences[0].data.get(word[0]) == " ".join(word[1:])
