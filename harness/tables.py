"""Frames and catalogue as tables in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from harness.core.fields import Field
from harness.core.frame import Catalogue, FrameType
from harness.core.meaning import Labels
from harness.core.parts import Bits, Repeat
from harness.protocols.ykc.framing import HEADER, REASONS
from harness.protocols.ykc.reading import Piece, direction

NO_TERMINAL_WIDTH = 160  # a file or a pipe does not break lines


def console() -> Console:
    """Where the tables go; without a terminal they are plain and wide."""
    width = None if sys.stdout.isatty() else NO_TERMINAL_WIDTH
    return Plain(file=sys.stdout, width=width, highlight=False, markup=False)


class Plain(Console):
    """Leaves a reader that has gone to whoever called: rich itself would end with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Let the error be."""
        raise


def table(*titles: str) -> Table:
    """An empty table; long cells fold rather than vanish."""
    made = Table(show_edge=False, pad_edge=False)
    for title in titles:
        made.add_column(title, overflow="fold")
    return made


def print_piece(piece: Piece) -> None:
    """One frame with its fields, or damage with its reason."""
    out = console()
    if piece.is_frame:
        out.print(headline(piece), style="bold")
    if piece.damage:
        zh, en = REASONS[piece.damage.reason]
        out.print(f"损坏 damage: {piece.damage.reason} @{piece.offset} {zh} ({en})", style="red")
    if piece.message and piece.frame_type:
        rows = table("偏移", "字节", "字段", "名称", "读数", "备注")
        for row in piece.frame_type.rows(piece.message.values, piece.body, HEADER):
            raw = row.raw.hex().upper()
            rows.add_row(str(row.offset) if raw else "", raw, row.name, row.title, row.reading, row.remark)
        out.print(rows)
        for remark in piece.message.remarks:
            if not remark.field and remark.code != "surplus":
                out.print(f"备注 remark: {remark.text_zh} ({remark.text_en})")
    else:
        out.print(piece.raw.hex(" ").upper())
    out.print()


def headline(piece: Piece) -> str:
    """Type, name, direction, serial and CRC of a frame in one line."""
    code = f"0x{piece.raw[5]:02X}"
    frame = piece.frame_type
    name = f"{frame.name} {frame.title}" if frame else "未知 (unknown)"
    way = "桩→平台 (up)" if direction(piece) == "up" else "平台→桩 (down)"
    crc = {"low": "CRC 正确 (ok)", "high": "CRC 高字节在前 (high byte first)", None: "CRC 错误 (wrong)"}[piece.order]
    return f"{code} {name}  {way}  序列号 {piece.raw[2:4].hex().upper()}  {crc}"


def print_catalogue(catalogue: Catalogue) -> None:
    """All frames, a line each."""
    rows = table("类型", "名称", "中文", "方向", "应答", "消息体", "章节")
    for frame in catalogue:
        way = "桩→平台" if frame.sender == "pile" else "平台→桩"
        section = frame.section or f"QR {frame.dialect}"
        size = str(frame.length) if frame.tail is None else f"{frame.head} + N"
        rows.add_row(f"0x{frame.code:02X}", frame.name, frame.title, way, frame.answered_by or "", size, section)
    console().print(rows)


def print_frame(frame: FrameType) -> None:
    """One frame with all its fields and what their values mean."""
    out = console()
    way = "桩→平台 (up)" if frame.sender == "pile" else "平台→桩 (down)"
    out.print(
        f"0x{frame.code:02X} {frame.name} {frame.title}  {way}  {frame.section or 'QR ' + frame.dialect}", style="bold"
    )
    for text in (frame.sent, frame.purpose, f"应答 answered by {frame.answered_by}" if frame.answered_by else ""):
        if text:
            out.print(text)
    rows = table("偏移", "字节", "字段", "名称", "类型", "取值与说明")
    place = 0
    for field in frame.fields:
        add_field(rows, field, str(place), "")
        place += field.length
    out.print(rows)


def add_field(rows: Table, field: Field, place: str, path: str) -> None:
    """One field, then its parts."""
    length = "N" if isinstance(field, Repeat) and not field.length else str(field.length)
    rows.add_row(place, length, path + field.name, field.title, field.kind, "; ".join(about(field)))
    if isinstance(field, Bits):
        for bit in field.bits:
            width = f"bit {bit.lsb}" if bit.width == 1 else f"bit {bit.lsb}-{bit.lsb + bit.width - 1}"
            text = "; ".join([*meanings(bit.choices), bit.note] if bit.note else meanings(bit.choices))
            rows.add_row("", width, f"{path}{field.name}.{bit.name}", bit.title, "", text)
    if isinstance(field, Repeat):
        inner = 0
        for part in field.fields:
            add_field(rows, part, f"+{inner}", f"{field.name}[i].")
            inner += part.length


def about(field: Field) -> Iterable[str]:
    """Scale, unit, range, meanings and notes of a field."""
    places = getattr(field, "places", 0)
    offset = getattr(field, "offset", 0)
    if places or offset or field.unit:
        scale = f"raw/{10**places}" if places else "raw"
        yield scale + (f" {offset:+d}" if offset else "") + (f" {field.unit}" if field.unit else "")
    if field.wanted:
        yield f"{field.wanted[0]} 至 {field.wanted[1]}"
    count = getattr(field, "count", "")
    if count:
        yield f"个数 count: {count}"
    yield from meanings(field.choices)
    if field.note:
        yield field.note


def meanings(choices: Labels | None) -> list[str]:
    """What codes mean, zh and en."""
    return [f"0x{code:02X} {zh} ({en})" for code, (zh, en) in (choices or {}).items()]
