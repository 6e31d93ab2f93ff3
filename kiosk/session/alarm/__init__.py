"""The four words of an alarm: condition, occurrence, signal, suppression. Pure; `kiosk.session.alarms` is the door."""
