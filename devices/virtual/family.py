"""The simulated devices of other families than the standard oximeter and cuff, by the names that orders use.

`python -m devices.virtual.air --with NAME,NAME` puts them in the air. Shares nothing with the drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from devices.virtual import (
    aand,
    berrymed,
    bls_cuffs,
    bp2,
    contec,
    creative,
    jumper,
    mightysat,
    nonin,
    oxyii,
    qardio,
    strap,
    wellue,
)
from devices.virtual.peripheral import Peripheral
from devices.virtual.world import World

FAMILIES: Mapping[str, Callable[[World], Peripheral]] = {
    "contec": contec.Contec,
    "emay": contec.emay,
    "sp20": creative.Creative,
    "pc60fw": creative.pc60fw,
    "oxysmart": creative.oxysmart,
    "o2ring": wellue.Ring,
    "oxyii": oxyii.OxyRing,
    "bp2": bp2.Bp2,
    "berrymed": berrymed.BerryMed,
    "nonin": nonin.Nonin,
    "mightysat": mightysat.MightySat,
    "jumper": jumper.Jumper,
    "strap": strap.Strap,
    "beurer": bls_cuffs.Beurer,
    "silvercrest": bls_cuffs.Silvercrest,
    "nipro": bls_cuffs.Nipro,
    "omron": bls_cuffs.Omron,
    "aand": aand.AandD,
    "qardio": qardio.Qardio,
}


def vectors() -> Iterator[tuple[str, str, bytes]]:
    """(name, expected hex, what the simulator wrote) of every known frame of these families."""
    streams = (contec, creative, wellue, oxyii, bp2, berrymed, nonin, mightysat, jumper, strap)
    for module in (*streams, bls_cuffs, aand, qardio):
        yield from module.vectors()
