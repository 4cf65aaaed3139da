"""The address that people are given, and its QR code."""

import io
import re

import pytest
from PIL import Image

from harness.pictures import read_qr
from web.address import Matrix, desk_url, qr_matrix, qr_svg, qr_terminal, tls_url

URL = "http://192.168.1.20:8080/"


@pytest.mark.parametrize(
    ("wanted", "settings"),
    [
        ("https://desk.example:8443", {"public_url": "https://desk.example:8443/"}),
        ("https://desk.example", {"public_url": "https://desk.example", "public_address": "203.0.113.5"}),
        ("http://203.0.113.5:8080", {"public_address": "203.0.113.5"}),
        ("http://192.168.1.20:8080", {}),
        ("http://192.168.1.20:8080", {"host": ""}),
        ("http://10.0.0.8:8080", {"host": "10.0.0.8"}),
        ("http://127.0.0.1:8080", {"host": "127.0.0.1"}),
        ("http://127.0.0.1:8080", {"lan": "127.0.0.1"}),
        ("http://192.168.1.20", {"port": 80}),
        ("https://192.168.1.20:80", {"port": 80, "scheme": "https"}),
        ("https://192.168.1.20", {"port": 443, "scheme": "https"}),
        ("http://[fd00::8]:8080", {"public_address": "fd00::8"}),
        ("http://desk.lan:8080", {"public_address": "desk.lan"}),
    ],
)
def test_people_are_given_the_settings_address_else_that_in_the_network(wanted: str, settings: dict[str, str]) -> None:
    given = {"public_url": "", "public_address": "", "host": "0.0.0.0", "lan": "192.168.1.20", "port": 8080}
    assert desk_url(**{**given, **settings}) == wanted  # type: ignore[arg-type]


def picture_of(matrix: Matrix, pixels: int = 6) -> bytes:
    side = len(matrix)
    image = Image.new("L", (side, side))
    image.putdata([0 if black else 255 for row in matrix for black in row])
    out = io.BytesIO()
    image.resize((side * pixels, side * pixels), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("http://192.0.2.10:8080", 8443, "https://192.0.2.10:8443"),
        ("http://desk.example", 443, "https://desk.example"),
        ("http://[2001:db8::1]:8080", 8443, "https://[2001:db8::1]:8443"),
    ],
)
def test_over_tls_it_is_the_same_place_on_another_port(url: str, port: int, tls: str) -> None:
    assert tls_url(url, port) == tls


def test_the_code_reads_as_the_address() -> None:
    assert read_qr(picture_of(qr_matrix(URL))) == (URL,)


def test_the_svg_shows_the_code_and_has_no_style() -> None:
    svg = qr_svg(URL, 'the desk "here" <b>')
    side = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    drawn = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for at in range(int(x), int(x) + int(width)):
            drawn[int(y)][at] = True
    assert drawn == qr_matrix(URL)
    assert "style" not in svg
    assert 'aria-label="the desk &#34;here&#34; &lt;b&gt;"' in svg


@pytest.mark.parametrize("colour", [False, True])
def test_the_terminal_shows_the_code_with_what_is_white_drawn(colour: bool) -> None:
    text = qr_terminal(URL, colour)
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in text.split("\n")]
    shown = []
    for line in lines:
        shown.append([half in " ▄" for half in line])
        shown.append([half in " ▀" for half in line])
    matrix = qr_matrix(URL)
    assert shown[: len(matrix)] == matrix
    assert ("\x1b" in text) is colour
