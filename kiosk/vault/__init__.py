"""The key of a data folder: made, kept somewhere safe, found again. With it the record and the library are encrypted.

No SQLite and no Qt in here. The key never stands in a command line, a log, the environment or an error.
"""

from __future__ import annotations
