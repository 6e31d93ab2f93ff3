"""A Windows laptop's panel through WMI, by one PowerShell that stays open and answers line by line.

Used through `devices.backlight.find` on Windows. It could not be run where this was written: UNTESTED, so nothing else
may depend on it and every failure means "no backlight". Only integrated panels answer; many offer a few levels only,
so the level is read back after each write.
"""

from __future__ import annotations

import contextlib
import subprocess
from typing import IO

from devices.backlight import BacklightError, BacklightFault

SCRIPT = """
$ErrorActionPreference = 'Stop'
while ($null -ne ($line = [Console]::In.ReadLine())) {
  try {
    if ($line -ne '?') {
      $m = Get-CimInstance -Namespace root/WMI -ClassName WmiMonitorBrightnessMethods | Select-Object -First 1
      Invoke-CimMethod -InputObject $m -MethodName WmiSetBrightness `
        -Arguments @{Timeout = [uint32]0; Brightness = [byte]$line} | Out-Null
    }
    $b = Get-CimInstance -Namespace root/WMI -ClassName WmiMonitorBrightness | Select-Object -First 1
    [Console]::Out.WriteLine([string]$b.CurrentBrightness)
  } catch { [Console]::Out.WriteLine('error') }
}
"""


class WmiBacklight:
    """The integrated panel, 0 to 100. Windows' own scale is already one for the eye."""

    via = "WMI"
    device = "integrated panel"
    maximum = 100
    is_linear = False

    def __init__(self) -> None:
        try:
            self._shell = subprocess.Popen(
                ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", SCRIPT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise BacklightError(BacklightFault.NONE, self.device, str(error)) from error

    def read(self) -> int:
        """The level in force."""
        return self._ask("?")

    def shown(self) -> int | None:
        """The same: WMI knows one number."""
        return None

    def write(self, raw: int) -> None:
        """Set the level; the panel may take the nearest that it has."""
        self._ask(str(raw))

    def close(self) -> None:
        """End the shell; bounded."""
        with contextlib.suppress(OSError):
            _pipe(self._shell.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._shell.wait(2)
        self._shell.kill()

    def _ask(self, line: str) -> int:
        try:
            _pipe(self._shell.stdin).write(line + "\n")
            _pipe(self._shell.stdin).flush()
            answer = _pipe(self._shell.stdout).readline().strip()
        except OSError as error:
            raise BacklightError(BacklightFault.GONE, self.device, str(error)) from error
        if not answer.isdigit():
            raise BacklightError(BacklightFault.GONE, self.device, answer or "no answer")
        return int(answer)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
