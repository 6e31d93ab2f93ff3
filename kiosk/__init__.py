"""Decides and remembers: session, alarms, record, and the processes that carry them. No Qt, no vlc."""

__version__ = "0.1.0"
