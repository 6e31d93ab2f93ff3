"""The Windows panel's way, against a stand-in for PowerShell that keeps the line protocol; no Windows has run it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.backlight import BacklightError, BacklightFault
from devices.backlight_wmi import WmiBacklight

# a panel with few levels: it takes the nearest, as many do, and says so only when it is read back
STAND_IN = """#!{python}
import sys
levels, level = (0, 25, 50, 75, 100), 75
for line in sys.stdin:
    asked = line.strip()
    if asked == "13":
        print("error", flush=True)
        continue
    if asked == "66":
        sys.exit(1)
    if asked != "?":
        level = min(levels, key=lambda known: abs(known - int(asked)))
    print(level, flush=True)
"""


@pytest.fixture
def panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WmiBacklight]:
    shell = tmp_path / "powershell.exe"
    shell.write_text(STAND_IN.format(python=sys.executable))
    shell.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    made = WmiBacklight()
    yield made
    made.close()
    assert made._shell.poll() is not None, "the shell outlives its panel"
    if made._shell.stdout:
        made._shell.stdout.close()


def test_what_the_panel_really_took_is_read_back(panel: WmiBacklight) -> None:
    assert panel.read() == 75
    panel.write(30)
    assert panel.read() == 25
    assert panel.shown() is None


def test_a_level_that_is_refused_raises_and_changes_nothing(panel: WmiBacklight) -> None:
    with pytest.raises(BacklightError) as refused:
        panel.write(13)
    assert refused.value.fault is BacklightFault.GONE
    assert panel.read() == 75


@pytest.mark.parametrize("act", [WmiBacklight.read, lambda panel: panel.write(50)])
def test_a_shell_that_has_ended_is_a_panel_that_is_gone(
    panel: WmiBacklight, act: Callable[[WmiBacklight], None]
) -> None:
    with pytest.raises(BacklightError):
        panel.write(66)
    with pytest.raises(BacklightError) as gone:
        act(panel)
    assert gone.value.fault is BacklightFault.GONE


def test_a_computer_without_powershell_has_no_such_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BacklightError) as none:
        WmiBacklight()
    assert none.value.fault is BacklightFault.NONE
