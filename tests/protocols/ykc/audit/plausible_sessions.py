"""Byte order and decimals."""

from decimal import Decimal

from tests.protocols.ykc.audit.edited import Edited, good
from tests.protocols.ykc.audit.sessions import Sessions


def _scaled(factor: int) -> Edited:
    return good().change("realtime_data", lambda v: v.status == 3, energy=lambda v: v * factor)


def _more(by: str) -> Edited:
    return good().change("realtime_data", lambda v: v.energy > 0, energy=lambda v: v + Decimal(by))


def _volts(volts: str) -> Edited:
    return good().change("realtime_data", lambda v: v.status == 3 and v.output_voltage > 0, output_voltage=volts)


SESSIONS = {
    "byte_order": Sessions(
        breaks=lambda: _volts(str(Decimal(0xA00F) / 10)),  # 0x0FA0 is 400.0 V
        legal=lambda: _volts("1000.0"),
    ),
    "energy_scale": Sessions(breaks=lambda: _scaled(10), legal=lambda: _more("0.005")),
}
