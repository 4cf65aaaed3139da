"""What a picture of a screen says: the QR codes in it, read by zxing-cpp and, where zbar is there, by pyzbar.

A photo is tried on a ladder of views of itself, the first one that yields a code wins. There is no median filter on
the ladder: it holds the interpreter for half a second.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from harness.core.errors import PersonError

MOST_PIXELS = 60_000_000
WORKING_SIDE = 1600
FORMATS = ("PNG", "JPEG", "WEBP")  # their heads tell how large they are
Reader = Callable[[Image.Image], tuple[str, ...]]

# Pillow warns of large pictures, and to quieten it around each one is not safe on several threads. Ours is the limit.
Image.MAX_IMAGE_PIXELS = None


def read_qr(picture: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in a picture; none when no code is found. Bytes that are no picture: PersonError."""
    readers = _readers()
    for view in _ladder(_opened(picture)):
        for reader in readers:
            texts = reader(view)
            if texts:
                return texts
    return ()


def _opened(picture: bytes) -> Image.Image:
    """The picture in upright grey, small enough to work on."""
    try:
        image = Image.open(io.BytesIO(picture), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _no_picture(f"{image.width} x {image.height}", "尺寸过大", "it is too large")
        grey = _flattened(ImageOps.exif_transpose(image))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning):
        raise _no_picture(f"{len(picture)} bytes", "请上传 PNG 或 JPEG", "send a PNG or a JPEG") from None
    grey.thumbnail((WORKING_SIDE, WORKING_SIDE))
    return grey


def _flattened(image: Image.Image) -> Image.Image:
    """Grey on white: what is see-through counts as white."""
    if "A" in image.getbands() or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba)
    return image.convert("L")


def _no_picture(what: str, zh: str, en: str) -> PersonError:
    return PersonError(f"this is no picture that can be read ({what}): {en}", f"这不是可识别的图片（{what}）：{zh}")


def _ladder(grey: Image.Image) -> Iterator[Image.Image]:
    """Views of one picture, the likeliest first."""
    yield grey
    blurred = grey.filter(ImageFilter.GaussianBlur(1.5))
    yield blurred
    yield _adaptive(grey)
    yield ImageOps.invert(grey)
    yield grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    yield grey.resize((max(1, grey.width // 2), max(1, grey.height // 2)), Image.Resampling.BOX)
    yield ImageOps.autocontrast(blurred)


def _adaptive(grey: Image.Image) -> Image.Image:
    """Black where a pixel is darker than its surroundings: evens out glare and shadow."""
    import numpy  # most pictures are read before this rung

    near = numpy.asarray(grey.filter(ImageFilter.GaussianBlur(1)), dtype=numpy.int16)
    around = numpy.asarray(grey.filter(ImageFilter.BoxBlur(25)), dtype=numpy.int16)
    return Image.fromarray(numpy.where(near - around > -5, 255, 0).astype(numpy.uint8))


def _readers() -> tuple[Reader, ...]:
    """zxing-cpp always; pyzbar where the system has zbar."""
    try:
        from pyzbar import pyzbar
    except ImportError:
        return (_by_zxing,)
    return (_by_zxing, lambda image: _by_zbar(pyzbar, image))


def _by_zxing(image: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(_text(barcode.bytes) for barcode in found)


def _by_zbar(pyzbar: Any, image: Image.Image) -> tuple[str, ...]:
    found = pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return tuple(_text(bytes(barcode.data)) for barcode in found)


def _text(raw: bytes) -> str:
    """The bytes of a code as text; those that are no UTF-8 stay visible."""
    return raw.decode("utf-8", errors="backslashreplace")
