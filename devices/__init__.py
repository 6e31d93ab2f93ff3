"""Measures and actuates: Bluetooth LE oximeters and cuffs, display backlight, keeping awake.

Knows nobody above it: the clock (`now()`) and the receiver (`report()`) are parameters, and its messages are
its own frozen types (`devices.reading`).
"""
