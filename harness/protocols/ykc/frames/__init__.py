"""The frames, one file for each chapter of the document."""

from harness.protocols.ykc.frames import (
    bms,
    bms_stops,
    cards,
    charging,
    lock,
    login,
    parallel,
    qr,
    realtime,
    record,
    settings,
    tariff,
    upkeep,
)

ALL_FRAMES = tuple(
    sorted(
        (
            *login.FRAMES,
            *tariff.FRAMES,
            *realtime.FRAMES,
            *bms.FRAMES,
            *bms_stops.FRAMES,
            *charging.FRAMES,
            *record.FRAMES,
            *cards.FRAMES,
            *settings.FRAMES,
            *lock.FRAMES,
            *upkeep.FRAMES,
            *parallel.FRAMES,
            *qr.FRAMES,
        ),
        key=lambda frame: (bool(frame.dialect), frame.code),
    )
)
