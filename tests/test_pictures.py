"""Photos of a screen are read, whatever the phone did to them."""

import io
import random
import struct
import sys
import warnings
import zlib
from typing import Any

import numpy
import pytest
import qrcode
from PIL import Image, ImageFilter, ImageOps

from harness.core.errors import PersonError
from harness.pictures import read_qr

TEXT = "https://charge.example/q/32010600019236?gun=01"


def drawn(text: str = TEXT) -> Image.Image:
    code = qrcode.QRCode(box_size=6, border=4)
    code.add_data(text)
    screen = Image.new("RGB", (800, 600), "white")
    screen.paste(code.make_image().convert("RGB"), (200, 100))
    return screen


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_plain_picture_is_read() -> None:
    assert read_qr(png(drawn())) == (TEXT,)


def test_chinese_text_comes_back_unchanged() -> None:
    assert read_qr(png(drawn("枪A 一号桩"))) == ("枪A 一号桩",)


def noisy(image: Image.Image) -> Image.Image:
    noise = numpy.random.default_rng(7).normal(0, 40, (image.height, image.width))
    return Image.fromarray(numpy.clip(numpy.asarray(image.convert("L")) + noise, 0, 255).astype(numpy.uint8))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda image: image.rotate(17, expand=True, fillcolor="grey"),
        noisy,
        ImageOps.invert,
        lambda image: image.filter(ImageFilter.GaussianBlur(2)),
        lambda image: image.resize((4000, 3000)),
        lambda image: image.convert("RGBA"),
    ],
    ids=["rotated", "noisy", "inverted", "blurred", "twelve megapixels", "see-through"],
)
def test_a_spoilt_picture_is_read_all_the_same(spoilt: object) -> None:
    assert callable(spoilt)
    assert read_qr(png(spoilt(drawn()))) == (TEXT,)


def test_a_picture_without_a_code_says_nothing() -> None:
    assert read_qr(png(Image.new("RGB", (320, 240), "white"))) == ()


def test_a_picture_that_claims_too_many_pixels_is_refused_and_nothing_else_is_said() -> None:
    small = png(Image.new("L", (1, 1)))
    head = b"IHDR" + struct.pack(">II", 13_000, 13_000) + small[24:29]
    claims = small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    told = pytest.raises(PersonError, match=r"13000 x 13000.*too large")
    with warnings.catch_warnings(record=True, action="always") as said, told:
        read_qr(claims)
    assert said == []


def test_reading_leaves_the_filters_of_warnings_alone_that_all_threads_share(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, really = [], Image.open

    def watched(*args: Any, **named: Any) -> Any:
        seen.append(list(warnings.filters))
        return really(*args, **named)

    monkeypatch.setattr(Image, "open", watched)
    before = list(warnings.filters)
    assert read_qr(png(drawn())) == (TEXT,)
    assert seen == [before]


def test_a_format_that_hides_how_large_it_is_is_refused() -> None:
    file = io.BytesIO()
    drawn().save(file, "ICO")
    with pytest.raises(PersonError, match="send a PNG or a JPEG"):
        read_qr(file.getvalue())


@pytest.mark.parametrize("raw", [b"", b"not a picture", png(drawn())[:200], random.Random(1).randbytes(5000)])
def test_bytes_that_are_no_picture_are_one_clear_sentence(raw: bytes) -> None:
    with pytest.raises(PersonError, match="this is no picture that can be read"):
        read_qr(raw)


def test_without_zbar_it_goes_on_with_zxing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    assert read_qr(png(drawn())) == (TEXT,)
