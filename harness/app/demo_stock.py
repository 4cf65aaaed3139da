"""What the helping hands of the demo need of the desk: firmware, and a place for pictures."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import partial

from harness.core.operator import Firmware
from harness.sim.ykc.upgrade import make_firmware
from harness.store.desk import uploads
from harness.store.desk.values import PICTURE, Upload
from web.demo import FIRMWARE
from web.services import Services

BY = "demo"


class Stock:
    """Lays things down beside what people send; `later` makes a call that may wait, for the hands must not."""

    def __init__(self, services: Services, later: Callable[[Callable[[], None]], None]) -> None:
        self._services = services
        self._later = later

    def firmware(self, current: str) -> Firmware:
        """A file of another version than the pile has."""
        version = next(each for each in FIRMWARE if each != current)
        folder = self._services.settings.firmware
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"demo-{version}.bin"
        path.write_bytes(make_firmware(version))
        return Firmware(str(path), version, path.stat().st_size)

    def keep_picture(self, model_id: int, picture: bytes) -> str:
        """As evidence, just as one that a person took."""
        services, name = self._services, secrets.token_hex(16)
        run = services.house.run(model_id)
        services.settings.pictures.mkdir(parents=True, exist_ok=True)
        (services.settings.pictures / name).write_bytes(picture)
        upload = Upload(
            id=name,
            model_id=model_id,
            run_id=run.run_id if run is not None else "",
            kind=PICTURE,
            name="screen.png",
            size=len(picture),
            sha256=hashlib.sha256(picture).hexdigest(),
            version="",
            at=services.clock.wall(),
            by=BY,
        )
        self._later(partial(uploads.keep_upload, services.engine, upload))
        return name
