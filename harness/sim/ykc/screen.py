"""What a gun's screen shows, drawn to a PNG: its QR code, its state, and the prices in force (R-BM-8)."""

from __future__ import annotations

import io

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M

from harness.sim.ykc.charge import milliseconds
from harness.sim.ykc.gun import Gun

SIZE = (800, 480)
QR_SIDE = 400
BACK, PAPER, INK, PALE = "#10324a", "white", "#ffffff", "#9fc4d8"
DEFAULT_PREFIX = "https://charge.example/p/"


def draw_screen(gun: Gun) -> bytes:
    """The screen of a gun at this moment."""
    screen = Image.new("RGB", SIZE, BACK)
    text = gun.pile.habits.shows_qr(qr_text(gun))
    if text:
        screen.paste(draw_qr(text), (30, (SIZE[1] - QR_SIDE) // 2))
    pen = ImageDraw.Draw(screen)
    for line, (text, size, colour) in enumerate(_lines(gun)):
        pen.text((460, 50 + 46 * line), text, fill=colour, font=ImageFont.load_default(size))
    return _png(screen)


def qr_text(gun: Gun) -> str:
    """The text in the QR code: what the platform gave, or the maker's own before that."""
    return gun.qr or f"{DEFAULT_PREFIX}{gun.pile.profile.pile_code}{gun.number}"


def draw_qr(text: str) -> Image.Image:
    """A QR code with its white border, as a square of fixed size."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    drawn = code.make_image().get_image().convert("RGB")
    times = QR_SIDE // drawn.width * drawn.width or drawn.width
    square = Image.new("RGB", (QR_SIDE, QR_SIDE), PAPER)
    drawn = drawn.resize((min(times, QR_SIDE),) * 2, Image.Resampling.NEAREST)
    square.paste(drawn, ((QR_SIDE - drawn.width) // 2,) * 2)
    return square


def _lines(gun: Gun) -> list[tuple[str, int, str]]:
    pile = gun.pile
    lines = [
        (pile.profile.model, 28, INK),
        (f"No. {pile.profile.pile_code}", 22, PALE),
        (f"Gun {gun.number}   {gun.state.upper()}", 26, INK),
        (f"{pile.clock.time(milliseconds(pile.now)):%Y-%m-%d %H:%M:%S}", 22, PALE),
    ]
    if pile.model is not None:
        price = pile.model.tariff.prices[pile.model.tariff.label_at(pile.clock.time(milliseconds(pile.now)))]
        lines += [(f"Energy  {price.energy} CNY/kWh", 20, INK), (f"Service {price.service} CNY/kWh", 20, INK)]
    if gun.charge is not None:
        lines.append((f"{gun.charge.energy} kWh   {gun.charge.amount} CNY", 22, INK))
    return lines


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
