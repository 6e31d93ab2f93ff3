"""Draws: the only package with Qt. Gets state by one method, emits typed commands, computes no domain value."""

import builtins

import PySide6.QtCore  # noqa: F401 - it is what puts its own import in place

# Qt's binding reads the source of every module that is imported after it, to see whether it wants another spelling of
# Qt's names, and the lines stay in memory: 9 MiB and some 20 ms of a screen's start. None of ours does.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
