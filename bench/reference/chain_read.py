"""The least that any export does: read every row of the record, in order."""

from __future__ import annotations

import sys

from sqlcipher3 import dbapi2

connection = dbapi2.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
QUERY = "SELECT chain_seq, body FROM {} WHERE session_id = 's-night'"
parts = " UNION ALL ".join(QUERY.format(table) for table in ("event", "reading", "waveform"))
size = sum(len(text) for _, text in connection.execute(f"{parts} ORDER BY chain_seq"))
assert size > 1_000_000, size
connection.close()
