"""What the camera of the phone sees: a film that chromium plays in its place."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = (1280, 720)
FRAMES = 10
WALL = (96, 92, 88)


def film(path: Path, picture: bytes) -> None:
    """Write a film of a picture held still before the camera, in the form that chromium reads (YUV4MPEG2)."""
    luma, blue, red = planes(before_the_camera(picture))
    frame = b"FRAME\n" + luma.tobytes() + blue.tobytes() + red.tobytes()
    path.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % SIZE + frame * FRAMES)


def before_the_camera(picture: bytes) -> Image.Image:
    """The pile's screen, a little smaller than what the camera sees, a little askew."""
    seen = Image.new("RGB", SIZE, WALL)
    screen = Image.open(io.BytesIO(picture)).convert("RGB").rotate(3, expand=True, fillcolor=WALL)
    seen.paste(screen, ((SIZE[0] - screen.width) // 2, (SIZE[1] - screen.height) // 2))
    return seen


def planes(image: Image.Image) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Luma whole, both chromas at half the size."""
    parts = np.asarray(image.convert("YCbCr"))
    return parts[:, :, 0], parts[::2, ::2, 1], parts[::2, ::2, 2]


def empty_room() -> bytes:
    """A picture without any code."""
    file = io.BytesIO()
    Image.new("RGB", (800, 480), (60, 70, 80)).save(file, "PNG")
    return file.getvalue()
