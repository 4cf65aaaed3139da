"""Where people reach the desk, and that as a QR code for a page and for a terminal."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

EVERYWHERE = ("", "0.0.0.0", "::")
USUAL = {"http": 80, "https": 443}
QUIET = 4  # modules of white around the code
HALVES = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}  # what is white is drawn
BLACK_ON_WHITE, NORMAL = "\x1b[97;40m", "\x1b[0m"

Matrix = list[list[bool]]


def desk_url(*, public_url: str, public_address: str, host: str, lan: str, port: int, scheme: str = "http") -> str:
    """The address that people are given: what the settings say, else that of this machine in its network.

    `host` is where the desk listens, `lan` how the machine is seen from outside.
    """
    if public_url:
        return public_url.rstrip("/")
    seen = public_address or (lan if host in EVERYWHERE else host)
    place = f"[{seen}]" if _is_ipv6(seen) else seen
    return f"{scheme}://{place}" if port == USUAL.get(scheme) else f"{scheme}://{place}:{port}"


def tls_url(url: str, port: int) -> str:
    """The same desk over TLS on another port."""
    host = urlsplit(url).hostname or ""
    return desk_url(public_url="", public_address=host, host="", lan="", port=port, scheme="https")


def qr_svg(text: str, label: str) -> Markup:
    """A QR code as SVG without a style of its own; `label` says what it leads to."""
    matrix = qr_matrix(text)
    side = len(matrix)
    path = "".join(f"M{start} {y}h{end - start}v1h-{end - start}z" for y, start, end in _bars(matrix))
    return Markup(
        '<svg class="dk-qr" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    ).format(side=side, label=label, path=path)


def qr_terminal(text: str, colour: bool = False) -> str:
    """A QR code in half blocks, two rows a line; without colour it takes a dark terminal for granted."""
    matrix = qr_matrix(text)
    if len(matrix) % 2:
        matrix.append([False] * len(matrix))
    lines = (
        "".join(HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(matrix[::2], matrix[1::2], strict=True)
    )
    return "\n".join(f"{BLACK_ON_WHITE}{line}{NORMAL}" if colour else line for line in lines)


def qr_matrix(text: str) -> Matrix:
    """The modules of a QR code with the white around it; True is black."""
    code = qrcode.QRCode(border=QUIET, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    matrix: Matrix = code.get_matrix()
    return matrix


def _bars(matrix: Matrix) -> Iterator[tuple[int, int, int]]:
    """Row, begin and end of each stretch of black."""
    for y, row in enumerate(matrix):
        begin = 0
        for x, black in enumerate([*row, False]):
            if not black:
                if x > begin:
                    yield y, begin, x
                begin = x + 1


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
