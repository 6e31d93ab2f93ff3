"""Every family in the air at once, everything going wrong by turns, one real monitor: the record is the air's log."""

from pathlib import Path

from bench.ordeal import FAULTS, READ_BY, ordeal
from bench.soak import measures_always, soak
from devices.virtual.family import FAMILIES

MINUTES, SPEED = 1.5, 5.0


def test_the_record_of_all_families_at_once_is_the_air_s_log_both_ways(tmp_path: Path) -> None:
    result = soak(tmp_path, MINUTES, SPEED, list(FAMILIES))
    assert {device.name for device in result.devices} == set(READ_BY) == {"oximeter", "cuff", *FAMILIES}
    for device in result.devices:
        assert device.comparison.same, device
    heard = {device.name for device in result.devices if device.comparison.sent}
    assert heard >= {name for name in READ_BY if measures_always(name)}
    assert result.orders - result.refused > 30
    assert (tmp_path / "monitor.err").read_text().count("Traceback") == 0


def test_in_nine_windows_every_device_has_every_fault() -> None:
    names = list(FAMILIES)
    had = {name: set[str]() for name in names}
    for _, order in ordeal(names, 30 * (len(FAULTS) + 1)):
        if order["do"] in ("fault", "drop"):
            had[order["device"]] |= order.keys() - {"do", "device"} or {"drop"}
    wanted = {key for fault in FAULTS for key in fault}
    assert all(faults == wanted for faults in had.values())
