"""A file that is no capture is refused in one sentence; a capture says again what the live run said."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from devices.drivers.checksum import crc8_maxim
from devices.reading import DeviceDoubted, DeviceRecognised, Stamp
from devices.traffic import Connected, Connecting, Disconnected, Kept, Passed
from kiosk.capture import Capture, Header, Line
from kiosk.cli import main
from kiosk.failure import Refusal
from kiosk.recapture import Recapture

NOTIFY = "0000fff1-0000-1000-8000-00805f9b34fb"
DEVICE = "f1:5e:55:10:00:12"


def closed(body: str) -> bytes:
    raw = bytes.fromhex(body)
    return raw + bytes((crc8_maxim(raw),))


NUMBERS, WAVE = closed("AA550F0801614800 5C0040"), closed("AA550F0702565F625F59")


def at(second: float) -> Stamp:
    return Stamp(1_795_544_580_000_000_000 + round(second * 1e9), 7_000_000_000 + round(second * 1e9))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A capture of an SP-20: numbers, waveform in two pieces, bytes that are no frame."""
    path, said = tmp_path / "traffic.jsonl", []
    opened = Capture(path, 60, said.append, is_real=False, is_session=False)
    opened.take(Kept(DEVICE, at(0), "aa55"))
    opened.take(Connecting(DEVICE, at(0), "SP-20 1234"))
    opened.take(Connected(DEVICE, at(0.5), ()))
    raws = [(1.0, NUMBERS), (1.1, WAVE[:4]), (1.2, WAVE[4:]), (1.3, b"\x01\x02"), (2.0, NUMBERS)]
    for second, raw in raws:
        opened.take(Passed(DEVICE, at(second), "notified", NOTIFY, raw))
    opened.take(Disconnected(DEVICE, at(3)))
    opened.take(Passed("aa:aa:aa:aa:aa:aa", at(3), "notified", NOTIFY, b"a stranger's"))
    opened.close()
    assert said == []
    return path


def test_the_rows_are_what_the_interpreter_reports_in_order(file: Path) -> None:
    rows = list(Recapture(file).rows())
    assert [(row["type"], row["t_s"]) for row in rows] == [
        ("reading", 1.0),
        ("waveform", 1.2),
        ("refused", 1.3),
        ("reading", 2.0),
    ]
    assert {row["device"] for row in rows} == {"02:00:00:00:00:01"}
    assert (rows[0]["spo2"], rows[0]["pulse"], rows[0]["quality"]) == (97, 72, "valid")
    assert (rows[1]["samples"], rows[1]["rate_hz"]) == ((86, 95, 98, 95, 89), 50.0)
    assert (rows[2]["error"], rows[2]["hex"]) == ("not a frame", "0102")


def test_of_a_device_in_doubt_no_byte_is_written(tmp_path: Path) -> None:
    path = tmp_path / "traffic.jsonl"
    opened = Capture(path, 60, print, is_real=True, is_session=False)
    opened.take(Kept(DEVICE, at(0), "aa55"))
    opened.hear(DeviceDoubted(DEVICE, at(0), DEVICE, "5678", "1234"))
    opened.take(Passed(DEVICE, at(1), "notified", NOTIFY, NUMBERS))
    opened.hear(DeviceRecognised(DEVICE, at(2), "serial", DEVICE, "1234"))
    opened.take(Passed(DEVICE, at(3), "notified", NOTIFY, NUMBERS))
    opened.close()
    assert [row["t_s"] for row in Recapture(path).rows()] == [3.0]


def test_nothing_of_a_device_that_is_not_kept_is_written_and_the_file_is_the_owner_s_alone(file: Path) -> None:
    text = file.read_text()
    assert "aa:aa:aa" not in text
    assert DEVICE not in text
    assert "SP-20 0000" in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_last_line_that_was_cut_off_is_left_out_and_said(file: Path, capsys) -> None:
    file.write_bytes(file.read_bytes()[:-20])
    capture = Recapture(file)
    assert capture.cut_off
    assert len(list(capture.rows())) == 4
    assert main(["decode", "--capture", str(file)]) == 0
    assert "cut off" in capsys.readouterr().err


def write(path: Path, *lines: object) -> Path:
    path.write_bytes(b"".join(one if isinstance(one, bytes) else msgspec.json.encode(one) + b"\n" for one in lines))
    return path


HEADER = Header(1, "0.1.0", 60, "replaced")
KEPT = Line("kept", "02:00:00:00:00:01", 0, 0, driver="aa55")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((b"",), "is not a capture"),
        ((b"hello\n",), "is not a capture"),
        ((b'{"type": "reading"}\n',), "is not a capture"),
        ((b"\xff\xfe\n",), "is not a capture"),
        ((b"SQLite format 3\0" + bytes(100),), "is not a capture"),
        ((msgspec.structs.replace(HEADER, capture=2, program="9.9"),), "newer version (9.9)"),
        ((HEADER,), "holds no traffic"),
        ((HEADER, KEPT, b"{}\n", KEPT), "line 3 is not of a capture"),
        ((HEADER, KEPT, b'{"what": "\xff"}\n', KEPT), "line 3 is not of a capture"),
        ((HEADER, Line("kept", "02", 0, 0, driver="abc")), "line 2: there is no driver 'abc'"),
        ((HEADER, KEPT, Line("notified", "02", 0, 0, characteristic=NOTIFY, hex="0g")), "line 3: '0g' are no bytes"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence_and_nothing_is_printed(tmp_path, capsys, lines, words) -> None:
    path = write(tmp_path / "bad.jsonl", *lines)
    assert main(["decode", "--capture", str(path), "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert words in printed.err


def test_a_file_that_is_not_there_is_said(tmp_path, capsys) -> None:
    assert main(["decode", "--capture", str(tmp_path / "none")]) == 1
    assert "cannot be read (No such file" in capsys.readouterr().err
    assert main(["decode", "--capture", str(tmp_path)]) == 1


def test_a_capture_and_bytes_together_or_neither_are_wrong_usage(file: Path) -> None:
    for words in (["--capture", str(file), "plx"], [], ["plx"]):
        with pytest.raises(SystemExit) as ended:
            main(["decode", *words])
        assert ended.value.code == 2


def test_an_existing_file_is_never_written_on(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refusal, match="exists already"):
        Capture(file, 60, print, is_real=False, is_session=False)
    with pytest.raises(Refusal, match="cannot be written"):
        Capture(file / "in a file", 60, print, is_real=False, is_session=False)
    assert file.read_bytes() == before


def test_a_disk_that_is_full_ends_the_capture_with_a_sentence_and_nothing_else(tmp_path) -> None:
    said: list[str] = []
    opened = Capture(tmp_path / "traffic", 60, said.append, is_real=False, is_session=False)
    opened._file.close()
    opened._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - closed by the capture
    for second in range(3):
        opened.take(Kept(DEVICE, at(second), "aa55"))
    opened.close()
    assert len(said) == 1
    assert "Monitoring goes on" in said[0]
