"""The least that a program with an event loop and a database loads before its first line of work."""

from __future__ import annotations

import asyncio  # noqa: F401 - to be loaded is all
import sqlite3  # noqa: F401

if __name__ == "__main__":
    print("loaded", flush=True)
