"""The message catalogue: gettext with this package's own folder, falling back to the words in the source."""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

DOMAIN = "kiosk"
LOCALES = Path(__file__).resolve().parent.parent / "assets" / "locale"

_ = _gettext.translation(DOMAIN, LOCALES, fallback=True).gettext
