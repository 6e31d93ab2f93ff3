"""Pictures of a window for the demo and the tests, with the words that stood in it at that moment.

Belongs to the screen process. A picture is there whole or not at all; it must never make a value up or keep one.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from ui.kit import Part, settle


class PictureError(Exception):
    """The picture could not be written; path says where."""

    def __init__(self, path: str) -> None:
        super().__init__(f"No picture could be written to {path}")
        self.path = path


def take_picture(widget: QWidget, path: str) -> dict[str, str]:
    """Write the widget as a PNG and give the texts of its named parts. Raises PictureError.

    Works on a widget that is not on top or hidden as well: it is painted again, not read off the display.
    """
    settle()
    picture = widget.grab()
    texts = texts_in(widget)
    part = Path(f"{path}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        if not picture.save(str(part), "PNG"):
            raise PictureError(path)
        os.replace(part, path)  # noqa: PTH105 - a rename over an old file, in one step
    except OSError as error:
        raise PictureError(path) from error
    return texts


def texts_in(root: QWidget) -> dict[str, str]:
    """Object name to text, for every named part in a widget that is not hidden; its own `texts()` comes last."""
    found: dict[str, str] = {}
    for child in (root, *root.findChildren(QWidget)):
        name = child.objectName()
        if name and not name.startswith("qt_") and (child is root or child.isVisibleTo(root)):
            found[name] = _text_of(child)
    for child in (*root.findChildren(QWidget), root):
        told = getattr(child, "texts", None)
        if callable(told) and (child is root or child.isVisibleTo(root)):
            told_texts = told()
            if isinstance(told_texts, dict):
                found |= told_texts
    return found


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, Part) and widget.shown():
        return widget.shown()
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.text():
        return widget.text()
    return widget.accessibleName()
