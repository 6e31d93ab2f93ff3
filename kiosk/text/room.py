"""Words that the screen says by itself, before or without the monitor: the call, the PIN, the lost line.

The patient's words stay short and calm; the sitter's begin with what to do. Empty names give a general word.
"""

from __future__ import annotations

from kiosk.text.catalogue import _


def first_name(label: str) -> str:
    """What a person is called on the screen: the first word of the plan's label."""
    return label.split()[0] if label.strip() else ""


def call_button(sitter: str) -> str:
    """Accessible name of the surface that calls, and the button on the PIN screen."""
    return _("Call {name}").format(name=sitter) if sitter else _("Call the sitter")


def calling(sitter: str) -> str:
    """Shown at once when the patient touches the screen."""
    return _("Calling {name}").format(name=sitter) if sitter else _("Calling")


def coming(sitter: str) -> str:
    """Shown when the sitter answered the call."""
    return _("{name} is coming").format(name=sitter) if sitter else _("Someone is coming")


def stay_lying() -> str:
    """Second line while the sitter is on the way."""
    return _("Stay lying down")


def call_aloud() -> str:
    """The call was not confirmed within a second, or nobody is there to hear it."""
    return _("Call out loud.")


def pin_title() -> str:
    """Heading of the keypad."""
    return _("Sitter's PIN")


def pin_owner(sitter: str) -> str:
    """Whose PIN it is: the whole label."""
    return _("for {name}").format(name=sitter) if sitter else ""


def pin_wrong(tries_left: int) -> str:
    """After a wrong PIN."""
    return _("Wrong PIN. {n} tries left").format(n=tries_left) if tries_left != 1 else _("Wrong PIN. 1 try left")


def pin_unusable() -> str:
    """No PIN is set, or the stored one is damaged."""
    return _("No PIN can be checked")


def pin_checking() -> str:
    """While the monitor compares."""
    return _("Checking…")


def pin_locked(left_s: float) -> str:
    """While the keypad is locked. left_s: seconds until it opens again."""
    whole = max(0, int(left_s + 0.999))
    return _("Locked. Try again in {m}:{s:02d}").format(m=whole // 60, s=whole % 60)


def pin_hold(seconds: int) -> str:
    """The button that opens the live pane while locked; it is held, and recorded."""
    return _("Open without PIN: hold {n} s").format(n=seconds)


def pin_delete() -> str:
    """Accessible name of the key that takes back a digit."""
    return _("Delete the last digit")


def pin_typed(digits: int, length: int) -> str:
    """Accessible name of the dots: how many digits are typed, never which."""
    return _("{n} of {all} digits").format(n=digits, all=length)


def back_to_rest() -> str:
    """Button."""
    return _("Back to rest")


def to_pin() -> str:
    """Button over the rest screen: the sitter's way to the keypad without a key."""
    return _("Sitter's pane")


def emergency_card() -> str:
    """Button."""
    return _("Emergency card")


def returns_in(patient: str, left_s: float) -> str:
    """When the untouched screen goes dark again."""
    name = _("{name}'s screen").format(name=patient) if patient else _("Rest screen")
    return _("{screen} returns in {n} s").format(screen=name, n=max(0, int(left_s + 0.999)))


def monitoring_stopped() -> str:
    """The cover's sentence."""
    return _("Monitoring stopped. Watch the oximeter.")


def look_at_the_person() -> str:
    """The cover's second line."""
    return _("Look at the person and at the device. No value on this screen is live.")


def display_gone(patient: str) -> str:
    """The patient's display was unplugged; the sitter's own is still there."""
    name = patient or _("The patient")
    return _("{name}'s display is gone: no call by touch. Plug it in again.").format(name=name)


def which_display(patient: str) -> str:
    """Asked once, on every display at the same time, under a large number."""
    return _("Which number does {name} see?").format(name=patient) if patient else _("Which number is the patient's?")


def which_display_detail() -> str:
    """Below the question."""
    return _("The other display shows the values. F9 exchanges them at any time.")


def display_number(number: int) -> str:
    """Accessible name of a display's number and of its button."""
    return _("Display {n}").format(n=number)


def leave_displays() -> str:
    """Button: no answer, the displays stay as they are."""
    return _("Leave them as they are")


def covered() -> str:
    """On the pane while another program's window has the keys, and perhaps lies over it."""
    return _("Another window has the keys. Touch this display.")


def displays_swapped() -> str:
    """For the record: the sitter chose which display is whose."""
    return _("The displays were exchanged")
