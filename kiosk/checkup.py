"""What `kiosk doctor` looks at: each thing the room needs, its state in words, and what to do about it.

Each check is a function of one cause and never raises; it looks, and what it tries it takes back at once.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from kiosk import datadir
from kiosk.clock import boot_id, utc_offset_min

FREE_BYTES_NEEDED = 500 * 1024 * 1024  # a session is some tens of MB; below this a disk fills by itself


class Finding(msgspec.Struct, frozen=True):
    """One line of the doctor: ok, or a problem with what to do; "note" is good to know and no problem."""

    name: str
    state: Literal["ok", "problem", "note"]
    text: str
    do: str = ""


def ok(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(name, "ok", text)


def problem(name: str, text: str, do: str) -> Finding:
    """Something to do."""
    return Finding(name, "problem", text, do)


def adapter(spec: str, open_adapter: Callable[[str], Any] | None = None) -> Finding:
    """The computer's Bluetooth, opened and closed as a session would."""
    from devices.adapter import Adapter, AdapterError

    async def look() -> str:
        async with await (open_adapter or Adapter.open)(spec) as opened:
            return str(opened.name)

    try:
        return ok("Bluetooth", f"adapter {asyncio.run(look())} is on")
    except AdapterError as error:
        advice = {
            "off": "Switch Bluetooth on in the system's settings.",
            "missing": "Plug in a Bluetooth adapter. Until then values can be typed in; `kiosk demo` needs none.",
        }.get(str(error.fault), "Restart the Bluetooth service, then run the doctor again.")
        return problem("Bluetooth", f"{error.fault} {error.detail}".strip(), advice)


def vlc() -> Finding:
    """libVLC, in a process of its own: it may crash."""
    code = (
        "import vlc, sys\ni = vlc.Instance('--quiet', '--no-video')\n"
        "print(vlc.libvlc_get_version().decode())\nsys.exit(0 if i else 1)"
    )
    found = _python(code)
    if found.returncode == 0:
        return ok("Music (VLC)", found.stdout.strip())
    return problem(
        "Music (VLC)",
        "libVLC cannot be loaded",
        "Install it (Debian: apt-get install libvlc5 vlc-plugin-base). Sessions work without music.",
    )


def outputs(wanted: str) -> list[Finding]:
    """Audio outputs with volume and mute; the sitter's is the one that must be heard."""
    code = (
        "import pulsectl,json\n"
        "with pulsectl.Pulse('kiosk-doctor',connect=False) as p:\n"
        " p.connect(autospawn=False,wait=False)\n"
        " d=p.server_info().default_sink_name\n"
        " rows=[[s.name,s.description,round(s.volume.value_flat*100),bool(s.mute),s.name==d] for s in p.sink_list()]\n"
        " print(json.dumps(rows))"
    )
    found = _python(code)
    if found.returncode != 0:
        return [
            problem(
                "Alarm sound",
                "no sound server answers",
                "Start PulseAudio or PipeWire (log in on the desktop). Without it no alarm tone sounds.",
            )
        ]
    rows = msgspec.json.decode(found.stdout, type=list[tuple[str, str, int, bool, bool]])
    if not rows:
        return [problem("Alarm sound", "no output", "Plug in a loudspeaker or headphones for the sitter.")]
    return [_output(*row, wanted=wanted) for row in rows] + _wanted_missing(rows, wanted)


def _output(name: str, description: str, percent: int, muted: bool, default: bool, *, wanted: str) -> Finding:
    is_sitters = name == wanted or (not wanted and default)
    label = f"Output {description or name}"
    text = f"{name}, {percent} %{', muted' if muted else ''}{', the sitter’s' if is_sitters else ''}"
    if is_sitters and (muted or percent < 40):
        return problem(label, text, "Unmute it and turn it up to 40 % or more: alarm tones play here.")
    return ok(label, text) if is_sitters else Finding(label, "note", text)


def _wanted_missing(rows: list[tuple[str, str, int, bool, bool]], wanted: str) -> list[Finding]:
    if not wanted or any(row[0] == wanted for row in rows):
        return []
    return [problem("Alarm sound", f"the sitter's output {wanted} is not there", "Plug it in, or choose another.")]


def displays(env: Mapping[str, str] | None = None) -> Finding:
    """Displays as Qt sees them, in a process of its own."""
    env = os.environ if env is None else env
    if sys.platform not in ("win32", "darwin") and not (
        env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("QT_QPA_PLATFORM")
    ):
        return problem("Displays", "no display", "Log in on a screen. `kiosk demo` runs off-screen.")
    code = (
        "from PySide6.QtGui import QGuiApplication as A\na=A([])\n"
        "print('; '.join(f'{s.name()} {s.geometry().width()}x{s.geometry().height()}' for s in a.screens()))"
    )
    found = _python(code, env)
    if found.returncode != 0:
        return problem(
            "Displays", "Qt cannot open a window here", "Install libxcb-cursor0 and the other system packages."
        )
    number = found.stdout.count(";") + 1
    more = "" if number > 1 else " (one: the sitter's pane lies behind a PIN)"
    return ok("Displays", found.stdout.strip() + more)


def backlight(data: Path, wanted: str = "", panels: Path = Path("/sys/class/backlight")) -> Finding:
    """The panel's light in force and who can set it, tried by setting the level it has; not while a room dims it."""
    from devices.backlight import BacklightError, find
    from kiosk.light import RECORD, read_before

    before = read_before(data / RECORD)
    if before:
        text = f"{before.device} is dimmed by a room now, or was left dim; before that {before.raw} of {before.maximum}"
        return Finding("Backlight", "note", text, "If no room is open, open and leave one: it gives the level back.")
    try:
        light = find(wanted, panels)
        text = f"{light.device}, {light.read()} of {light.maximum}, can be set through {light.via}"
        shown = light.shown()
        light.close()
    except BacklightError as error:
        why = " ".join(part for part in (error.device, error.detail) if part)
        dark = "the rest screen is dark by its picture"
        return Finding("Backlight", "note", f"none that can be set{f' ({why})' if why else ''}; {dark}")
    return ok("Backlight", text if shown is None else f"{text}; the panel says {shown}")


def awake() -> Finding:
    """What would keep the computer awake: taken for a moment, named, and let go."""
    from devices.wake import Awake

    held = Awake()
    held.take()
    names, refused = held.names, held.refused
    held.release()
    missing = f"; refused: {', '.join(refused)}" if refused else ""
    if not names:
        return problem(
            "Awake",
            f"nothing keeps this computer awake{missing}",
            "Log in on the desktop, or switch off sleep and screensaver in the system's settings.",
        )
    if "handle-lid-switch" in refused:
        return Finding(
            "Awake", "note", f"{', '.join(names)}{missing}", "Leave the lid open: closing it may end the watch."
        )
    return ok("Awake", f"{', '.join(names)}{missing}")


def power() -> Finding:
    """Mains or battery."""
    from devices.power import battery

    found = battery()
    if found is None:
        return Finding("Power", "note", "no battery is seen")
    if not found.is_discharging or found.percent >= 50:
        return ok("Power", f"battery {found.percent} %{', on battery' if found.is_discharging else ''}")
    return problem("Power", f"battery {found.percent} %, on battery", "Plug in the power supply before a session.")


def clock() -> Finding:
    """Both clocks and the zone."""
    hours, minutes = divmod(abs(utc_offset_min()), 60)
    sign = "+" if utc_offset_min() >= 0 else "-"
    return ok("Clock", f"UTC{sign}{hours:02d}:{minutes:02d}, boot {boot_id()[:8]}")


def disk(folder: Path) -> Finding:
    """Room for the record."""
    free = shutil.disk_usage(folder).free
    text = f"{free // (1024 * 1024)} MB free in {folder}"
    if free < FREE_BYTES_NEEDED:
        return problem("Disk", text, "Free some space before a session: 500 MB at least.")
    return ok("Disk", text)


def record(folder: Path) -> Finding:
    """The record opens, and every session's chain is whole."""
    from kiosk.launch import record_sentence
    from kiosk.record.fault import Reason as RecordReason
    from kiosk.record.fault import RecordError
    from kiosk.record.reader import Reader

    path = folder / datadir.RECORD
    if any(folder.glob(datadir.LEFTOVERS)):
        return problem("Record", "rows wait sealed for its key", "`kiosk sessions` asks for it and takes them in.")
    if not path.exists():
        return Finding("Record", "note", "empty: no session yet")
    try:
        with Reader(path) as reader:
            sessions = reader.sessions()
            broken = [s.session_id for s in sessions if reader.verify_chain(s.session_id)]
    except RecordError as error:
        if error.reason is RecordReason.KEY_LOCKED:
            return Finding("Record", "note", "locked, so nobody looked into it", record_sentence(error))
        return problem("Record", "cannot be used", record_sentence(error))
    if broken:
        return problem(
            "Record", f"altered or damaged: {', '.join(broken)}", "Keep the file as it is and tell the provider."
        )
    return ok("Record", f"{len(sessions)} sessions, every chain is whole")


def encryption(folder: Path) -> Finding:
    """Where the record's key is, whether its code was typed back, and what still lies there plain."""
    from kiosk.backup import databases
    from kiosk.record.opener import is_plain
    from kiosk.text.vault import PLACES, why
    from kiosk.vault import known, place
    from kiosk.vault.fault import VaultError

    plain = [path.name for path in databases(folder) if is_plain(path)]
    try:
        kept = place.load(folder)
        if kept is None:
            text = (
                f"none: {', '.join(plain)} can be read by anybody who has the file"
                if plain
                else "not yet: a key is made at the first run"
            )
            return Finding("Encryption", "note", text, "`kiosk key new` encrypts what is there." if plain else "")
        if plain:
            return problem("Encryption", f"not yet of {', '.join(plain)}", "`kiosk key new` encrypts the rest.")
        known.key_of(folder)
    except VaultError as error:
        return Finding("Encryption", "note", "locked", why(error))
    text = f"on; the key is in {PLACES[kept.place]}"
    if not kept.confirmed_utc:
        return Finding("Encryption", "note", text, "Its recovery code is on no paper yet: `kiosk key code`.")
    return ok("Encryption", f"{text}; recovery code typed back {kept.confirmed_utc[:10]}")


def versions() -> list[Finding]:
    """What the program is made of, and the one combination that must not run."""
    from kiosk.opening import versions as found

    all_of_it = found()
    text = ", ".join(f"{name} {number}" for name, number in all_of_it.items())
    qt = tuple(int(part) for part in all_of_it.get("PySide6_Essentials", "0").split(".")[:2] if part.isdigit())
    if qt >= (6, 12) and sys.version_info < (3, 12):
        return [problem("Versions", text, "PySide6 6.12 ends this Python by itself: run `make setup` again.")]
    return [ok("Versions", text)]


def settings_file(folder: Path) -> Finding:
    """config.toml and what the machine remembers."""
    from kiosk import settings

    try:
        settings.load_settings(folder)
        state = settings.load_state(folder)
    except settings.SettingsError as error:
        return problem("Settings", str(error).replace("\n", "; "), "Mend the lines named here.")
    chosen = ", ".join(f"{d.role} {d.name or d.address}" for d in state.devices) or "no device chosen"
    return ok("Settings", f"{chosen}; PIN {'set' if state.pin.hash else 'not set'}")


def _python(code: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=dict(env or os.environ),
    )
