"""`harness decode`, `harness encode` and `harness frames`: the catalogue on the command line."""

from __future__ import annotations

import argparse
import io
import json
import string
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harness.core.errors import PersonError
from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.reading import Piece, as_json, pieces

if TYPE_CHECKING:
    from harness.core.frame import FrameType


def add_commands(subparsers: Any) -> None:
    """Add the three commands; each sets `run`, which takes the parsed arguments and gives the exit code."""
    decode = subparsers.add_parser("decode", help="解读帧 show frames as fields")
    decode.add_argument("hex", nargs="+", metavar="HEX", help="hex digits, spaces allowed; - reads lines from stdin")
    decode.add_argument("--json", action="store_true", help="one JSON object for each frame")
    decode.set_defaults(run=run_decode)
    encode = subparsers.add_parser("encode", help="生成帧 make the hex of a frame")
    encode.add_argument("name", metavar="NAME", help="name of the frame, as `harness frames` lists it")
    encode.add_argument("--values", default="{}", metavar="JSON", help="values by field; fields not named are zero")
    encode.add_argument("--serial", default="0000", metavar="HEX", help="frame serial, 4 hex digits")
    encode.set_defaults(run=run_encode)
    frames = subparsers.add_parser("frames", help="帧目录 list the catalogue")
    frames.add_argument("name", nargs="?", metavar="NAME", help="show the fields of this frame (name or 0x13)")
    frames.set_defaults(run=run_frames)


def run_decode(args: argparse.Namespace) -> int:
    """Show every frame of every line; a line that is no hex ends it with one sentence."""
    show = print_json if args.json else print_tables
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # bytes that are no text are told like any other wrong character
    for data in lines_of_bytes(sys.stdin if args.hex == ["-"] else " ".join(args.hex).splitlines()):
        show(pieces(CATALOGUE, data))
    return 0


def lines_of_bytes(lines: Iterable[str]) -> Iterator[bytes]:
    """The bytes of each line that has any."""
    for number, line in enumerate(lines, 1):
        digits = "".join(line.split())
        if digits:
            yield read_hex(digits, f"line {number}", f"第 {number} 行")


def read_hex(digits: str, where: str, where_zh: str) -> bytes:
    """Bytes from hex digits; the error names the first character that is none, or the odd count."""
    for position, digit in enumerate(digits, 1):
        if digit not in string.hexdigits:
            raise PersonError(
                f"{where}: {digit!r} at character {position} (spaces not counted) is no hex digit",
                f"{where_zh}：第 {position} 个字符 {digit!r} 不是十六进制数字（不计空格）",
            )
    if len(digits) % 2:
        raise PersonError(
            f"{where}: {len(digits)} hex digits make no whole bytes; is one missing?",
            f"{where_zh}：{len(digits)} 个十六进制数字凑不成整字节，是否缺了一位？",
        )
    return bytes.fromhex(digits)


def print_json(found: Iterable[Piece]) -> None:
    """One object a line."""
    for piece in found:
        print(json.dumps(as_json(piece), ensure_ascii=False))


def print_tables(found: Iterable[Piece]) -> None:
    """A table for each frame, a sentence for each damage."""
    from harness import tables  # rich takes its time to load

    for piece in found:
        tables.print_piece(piece)


def run_encode(args: argparse.Namespace) -> int:
    """Print the hex of one frame."""
    frame = find_frame(args.name)
    try:
        values = json.loads(args.values, parse_float=Decimal)
    except ValueError as error:
        raise PersonError(f"--values is no JSON: {error}", f"--values 不是 JSON：{error}") from None
    if not isinstance(values, dict):
        raise PersonError('--values takes an object such as {"gun_no": "01"}', '--values 应为对象，如 {"gun_no": "01"}')
    serial = read_hex("".join(args.serial.split()), "--serial", "--serial")
    if len(serial) != 2:
        raise PersonError("--serial takes 4 hex digits, such as 1A03", "--serial 应为 4 位十六进制数字，如 1A03")
    print(CATALOGUE.encode(frame.name, values, serial).hex().upper())
    return 0


def run_frames(args: argparse.Namespace) -> int:
    """Print the catalogue, or one frame of it."""
    from harness import tables

    if args.name is None:
        tables.print_catalogue(CATALOGUE)
    else:
        tables.print_frame(find_frame(args.name))
    return 0


def find_frame(name: str) -> FrameType:
    """A frame by its name or its code."""
    if name.lower().startswith("0x"):
        frame = CATALOGUE.by_code(int(name, 16)) if set(name[2:]) <= set(string.hexdigits) and name[2:] else None
        if frame is not None:
            return frame
    return CATALOGUE.by_name(name)
