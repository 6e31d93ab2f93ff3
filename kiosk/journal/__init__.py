"""The patient's own journal: one encrypted file that only their passphrase opens. No Qt, no line, no record.

Used by the process that shows it: the screen in the room, or `kiosk journal`. The monitor imports none of it. Nothing
of an entry may leave this package but to the widget that shows it: no log, no message of an error, no file in the
clear, no argument, no environment.
"""
