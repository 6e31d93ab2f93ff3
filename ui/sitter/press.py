"""A key presses the button that shows it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.kit_button import Button, HoldButton


def press(key: str, *places: QWidget) -> bool:
    """Press the first visible, enabled button that shows `key`, in the order of `places`; True when there was one."""
    if not key:
        return False
    for place in places:
        for button in place.findChildren(Button):
            if button.key == key and button.isEnabled() and button.isVisible():
                button.key_down() if isinstance(button, HoldButton) else button.click()
                return True
    return False


def release(key: str, place: QWidget) -> None:
    """A key came up: what is held by it is let go."""
    for button in place.findChildren(HoldButton) if key else ():
        if button.key == key:
            button.key_up()


def press_primary(*places: QWidget) -> bool:
    """Enter: press the one filled button of the first place that has one."""
    for place in places:
        for button in place.findChildren(Button):
            if button.kind == "primary" and button.isEnabled() and button.isVisible():
                button.click()
                return True
    return False
