"""A logind (and a desktop's ScreenSaver) on a private D-Bus, over a fake /sys/class/backlight.

It refuses what the real one refuses: a wrong signature (`SetBrightness` is ssu with a uint32), an unknown device, a
value beyond the maximum. `Inhibit` hands out a real file descriptor and notices when it closes, however it closes.

The service runs as `python -m tests.fake_logind FOLDER` under a `dbus-daemon` of its own. FOLDER/calls.jsonl is its
log, FOLDER/deny holds words (SetBrightness, sleep, idle, handle-lid-switch) that it answers with AccessDenied.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import open_dbus_connection

ROOT = Path(__file__).parent.parent
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/>
<allow own="*"/></policy></busconfig>"""
SIGNATURES = {"SetBrightness": "ssu", "Inhibit": "ssss"}
ERROR = "org.freedesktop.DBus.Error."


def make_panel(folder: Path, name: str = "intel_backlight", raw: int = 800, maximum: int = 1000, **files: str) -> Path:
    """A fake panel; files: further ones (type, scale, or an actual_brightness that does not follow)."""
    panel = folder / name
    panel.mkdir(parents=True)
    for file, text in {"brightness": raw, "max_brightness": maximum, "type": "raw", **files}.items():
        (panel / file).write_text(f"{text}\n")
    if "actual_brightness" not in files:
        (panel / "actual_brightness").symlink_to("brightness")
    return panel


class FakeLogind:
    """Bus and service as processes; `environment` leads children to it as system and as session bus."""

    def __init__(self, folder: Path, *, service: bool = True) -> None:
        self.folder, self.backlight = folder, folder / "backlight"
        self.backlight.mkdir(parents=True, exist_ok=True)
        address = f"unix:path={folder}/bus"
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._service = service

    def start(self) -> None:
        config = self.folder / "bus.conf"
        config.write_text(CONFIG.format(socket=self.folder / "bus"))
        self._run(["dbus-daemon", "--nofork", f"--config-file={config}"])
        wait_for((self.folder / "bus").exists)
        if self._service:
            (self.folder / "serves").unlink(missing_ok=True)
            self._run([sys.executable, "-m", "tests.fake_logind", str(self.folder)])
            wait_for((self.folder / "serves").exists)

    def _run(self, argv: list[str]) -> None:
        env = {**os.environ, **self.environment, "PYTHONPATH": str(ROOT)}
        self._processes.append(subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL))

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(5)

    def deny(self, *words: str) -> None:
        (self.folder / "deny").write_text(" ".join(words))

    def calls(self, method: str = "") -> list[list[Any]]:
        """[method, arguments] in order, all or those of one method; "Released" when an inhibitor was let go."""
        rows = [json.loads(line) for line in (self.folder / "calls.jsonl").read_text().splitlines()]
        return [row for row in rows if not method or row[0] == method]

    def held(self) -> list[str]:
        """What is inhibited now, as logind was asked for it."""
        held: list[str] = []
        for method, arguments in self.calls():
            if method == "Inhibit" and arguments[-1] == "granted":
                held.append(arguments[0])
            elif method == "Released":
                held.remove(arguments[0])
        return sorted(held)


def wait_for(condition: Any, within_s: float = 10) -> None:
    """Poll until true."""
    end_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end_s:
            raise TimeoutError(f"not within {within_s} s")
        time.sleep(0.01)


class Service:
    """The service's own process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = open_dbus_connection("SYSTEM", enable_fds=True)
        for name in ("org.freedesktop.login1", "org.freedesktop.ScreenSaver"):
            self.connection.send_and_get_reply(message_bus.RequestName(name))
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.connection.sock, selectors.EVENT_READ)
        self.cookies = 0
        (folder / "calls.jsonl").touch()
        (folder / "serves").touch()

    def log(self, method: str, *arguments: object) -> None:
        with (self.folder / "calls.jsonl").open("a") as file:
            file.write(json.dumps([method, arguments]) + "\n")

    def serve(self) -> None:
        while True:
            for key, _ in self.selector.select():
                if key.data is not None:
                    self.released(key.fd, key.data)
                    continue
                message = self.connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self.connection.send(self.answer(message))
                while (message := self.connection.parser.get_next_message()) is not None:
                    if message.header.message_type is MessageType.method_call:
                        self.connection.send(self.answer(message))

    def released(self, fd: int, what: str) -> None:
        self.selector.unregister(fd)
        os.close(fd)
        self.log("Released", what)

    def answer(self, message: Message) -> Message:
        fields = message.header.fields
        method = fields[HeaderFields.member]
        signature = fields.get(HeaderFields.signature, "")
        if fields[HeaderFields.interface] == "org.freedesktop.ScreenSaver":
            return self.screensaver(message, method, signature)
        if SIGNATURES.get(method) != signature:
            self.log("Refused", method, signature)
            return new_error(message, ERROR + "InvalidArgs", "s", (f"{method} has {signature}",))
        denied = set((self.folder / "deny").read_text().split()) if (self.folder / "deny").exists() else set()
        if denied & {method, *message.body[0].split(":")}:
            self.log("Denied", method, *message.body)
            return new_error(message, ERROR + "AccessDenied", "s", ("denied",))
        return self.set_brightness(message) if method == "SetBrightness" else self.inhibit(message)

    def set_brightness(self, message: Message) -> Message:
        subsystem, name, raw = message.body
        panel = self.folder / subsystem / name
        if message.header.fields[HeaderFields.path] != "/org/freedesktop/login1/session/auto":
            return new_error(message, ERROR + "UnknownObject")
        if not panel.is_dir() or raw > int((panel / "max_brightness").read_text()):
            self.log("Refused", "SetBrightness", *message.body)
            return new_error(message, ERROR + "InvalidArgs", "s", ("no such device or level",))
        (panel / "brightness").write_text(f"{raw}\n")
        self.log("SetBrightness", subsystem, name, raw, time.monotonic())
        return new_method_return(message)

    def inhibit(self, message: Message) -> Message:
        what, who, why, mode = message.body
        kept, given = os.pipe()
        self.selector.register(kept, selectors.EVENT_READ, what)
        self.log("Inhibit", what, who, why, mode, "granted")
        return new_method_return(message, "h", (FileDescriptor(given),))

    def screensaver(self, message: Message, method: str, signature: str) -> Message:
        wanted = {"Inhibit": "ss", "UnInhibit": "u"}.get(method)
        if wanted != signature:
            return new_error(message, ERROR + "InvalidArgs")
        self.log(f"ScreenSaver.{method}", *message.body)
        if method == "UnInhibit":
            return new_method_return(message)
        self.cookies += 1
        return new_method_return(message, "u", (self.cookies,))


if __name__ == "__main__":
    Service(Path(sys.argv[1])).serve()
