"""Support: what a display says of itself. Gives the X server's one output an EDID, as a monitor on a cable has one."""

from __future__ import annotations

import ctypes

XA_INTEGER, REPLACE = 19, 0
HEADER = bytes([0, 255, 255, 255, 255, 255, 255, 0])
NAME_AT, SERIAL_AT, NAME, SERIAL = 54, 72, 0xFC, 0xFF  # detailed descriptors of the EDID standard, and their tags


def edid(maker: str, name: str, serial: str) -> bytes:
    """A base block: three letters of the maker, the display's name and its serial number, at most 12 letters each."""
    block = bytearray(128)
    block[0:8] = HEADER
    block[8:10] = sum((ord(letter) - 64) << 5 * (2 - i) for i, letter in enumerate(maker)).to_bytes(2, "big")
    block[16:20] = bytes([1, 30, 1, 3])  # week, year - 1990, EDID 1.3
    for at, tag, words in ((NAME_AT, NAME, name), (SERIAL_AT, SERIAL, serial)):
        block[at : at + 18] = bytes([0, 0, 0, tag, 0]) + (words.encode() + b"\n").ljust(13)[:13]
    block[127] = -sum(block[:127]) % 256
    return bytes(block)


class _Resources(ctypes.Structure):
    """XRRScreenResources, as far as its outputs."""

    _fields_ = (
        ("timestamp", ctypes.c_ulong),
        ("configured", ctypes.c_ulong),
        ("crtc_count", ctypes.c_int),
        ("crtcs", ctypes.c_void_p),
        ("output_count", ctypes.c_int),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    )


def attach(display: str, block: bytes) -> None:
    """Make it the EDID of the server's first output. xrandr can show it and not set it, hence the library."""
    x11, randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    x11.XOpenDisplay.restype = randr.XRRGetScreenResources.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    server = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(server))
    resources = ctypes.cast(randr.XRRGetScreenResources(server, root), ctypes.POINTER(_Resources)).contents
    output, name = ctypes.c_ulong(resources.outputs[0]), ctypes.c_ulong(x11.XInternAtom(server, b"EDID", 0))
    randr.XRRConfigureOutputProperty(server, output, name, 0, 0, 0, None)
    raw = ctypes.create_string_buffer(block, len(block))
    randr.XRRChangeOutputProperty(server, output, name, ctypes.c_ulong(XA_INTEGER), 8, REPLACE, raw, len(block))
    x11.XSync(server, 0)
    x11.XCloseDisplay(server)
