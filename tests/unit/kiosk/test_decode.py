"""`kiosk decode`: rows for people and programs."""

import json

import pytest

from kiosk.decode import DecodeRefused, decode_payloads


def test_a_row_has_the_numbers_the_quality_and_the_reasons() -> None:
    (row,) = decode_payloads("plx", ["0861004800000800"])
    assert (row["spo2"], row["pulse"], row["quality"], row["reasons"]) == (None, None, "invalid", ["finger off"])
    assert row["characteristic"] == "00002a5f-0000-1000-8000-00805f9b34fb"
    json.dumps(row)


def test_numbers_keep_their_exact_decimals_in_json() -> None:
    (row,) = decode_payloads("bls", ["2A36:156FF0000000003C001200"])
    assert json.loads(json.dumps(row))["pressure"] == 83.2568487


def test_a_cuff_without_a_mean_is_still_a_valid_reading() -> None:
    (row,) = decode_payloads("bls", ["0478 0050 00FF 0748 00"])
    assert (row["systolic"], row["mean"], row["quality"]) == (120, None, "valid")


def test_averages_battery_and_description_have_rows_of_their_own() -> None:
    assert decode_payloads("plx", ["0F6100480060004900620047002001040000"])[0]["spo2_fast"] == 96
    assert decode_payloads("plx", ["57"], "2A19")[0]["percent"] == 87
    assert decode_payloads("bls", ["414244"], "2A29")[0]["manufacturer"] == "ABD"


def test_a_payload_that_means_nothing_is_a_row_with_its_fault() -> None:
    (row,) = decode_payloads("plx", ["0061"])
    assert row["error"] == "truncated"
    assert decode_payloads("plx", [""])[0]["error"] == "truncated"


def test_an_unknown_driver_is_refused_with_a_hint() -> None:
    with pytest.raises(DecodeRefused, match="did you mean 'plx'"):
        decode_payloads("plxx", ["00"])
    with pytest.raises(DecodeRefused, match="known drivers: plx, bls"):
        decode_payloads("zzz", ["00"])


def test_bad_digits_are_refused() -> None:
    with pytest.raises(DecodeRefused, match="hexadecimal"):
        decode_payloads("plx", ["0g"])
