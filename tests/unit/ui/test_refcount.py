"""The binding must not lose references: one release did, and aborted whole processes within seconds."""

from __future__ import annotations

import subprocess
import sys

COUNTING = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QLabel

class Sender(QObject):
    sent = Signal(bool)
    @Slot(bool)
    def take(self, value):
        pass

app = QApplication([])
sender, label = Sender(), QLabel()
sender.sent.connect(sender.take)

def once():
    sender.sent.emit(True)
    label.setEnabled(True)
    label.setText("97")

for _ in range(100):
    once()
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(10_000):
    once()
after = sys.getrefcount(True), sys.getrefcount(None)
# lost references go in thousands; a few come and go with caches
print("kept" if all(abs(a - b) < 100 for a, b in zip(before, after)) else f"lost: {before} {after}")
"""


def test_10000_emits_and_void_calls_keep_every_reference_to_true_and_none() -> None:
    # in a process of its own: where the binding is broken Python itself aborts
    done = subprocess.run(
        [sys.executable, "-c", COUNTING],
        capture_output=True,
        text=True,
        timeout=100,
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "kept"
