"""The platform's customers: only their companies may register, when there is a list."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from harness.core.cells import meant
from harness.core.errors import PersonError
from harness.store.desk.audit import enter
from harness.store.desk.tables import CustomerRow
from harness.store.desk.values import Actor
from harness.store.rows import micros

HEADS = ("客户企业名称", "name")
LONGEST = 128
SEPARATORS = ",;\t"
ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # by the mark that the file begins with


def customers(engine: Engine) -> list[str]:
    """All companies of the list."""
    with Session(engine) as session:
        return list(session.scalars(select(CustomerRow.name).order_by(CustomerRow.name)))


def replace_customers(engine: Engine, names: Iterable[str], by: Actor, now: datetime) -> tuple[int, int]:
    """Take a new list for the old one; gives how many were added and removed. An empty list is none."""
    new = set(names)
    with Session(engine) as session, session.begin():
        old = set(session.scalars(select(CustomerRow.name)))
        session.execute(delete(CustomerRow).where(CustomerRow.name.in_(old - new)))
        session.add_all(CustomerRow(name=name, added=micros(now)) for name in sorted(new - old))
        added, removed = len(new - old), len(old - new)
        enter(session, by, "customers", now, detail=f"+{added} -{removed} ={len(new)}")
    return added, removed


def listed(engine: Engine, company: str) -> bool | None:
    """Is a company on the list? None when there is no list."""
    with Session(engine) as session:
        if session.get(CustomerRow, company) is not None:
            return True
        return False if session.scalar(select(func.count()).select_from(CustomerRow)) else None


def read_customers(raw: bytes) -> list[str]:
    """The companies of a CSV file, each once, in order, with a column 客户企业名称 or name.

    The text is UTF-8, GBK or marked UTF-16; commas, semicolons or tabs stand between cells.
    """
    rows = _rows(_text(raw))
    filled = [(line, row) for line, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise PersonError("The file is empty; it takes a line for each company.", "文件是空的，每行要有一家企业。")
    column = _column(*filled[0])
    return list(dict.fromkeys(_name(line, row, column) for line, row in filled[1:]))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows with the lines they end on."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise PersonError(
            f"Line {reader.line_num}: this is no CSV, perhaps a quote is missing; save the list as CSV again.",
            f"第 {reader.line_num} 行：不是 CSV，可能缺了引号，把名单重新存成 CSV。",
        ) from None


def _separator(text: str) -> str:
    """What stands between cells, seen from the line of the heads: whichever comes first."""
    heads = next((line for line in text.splitlines() if line.strip()), "")
    return next((sign for sign in heads if sign in SEPARATORS), ",")


def _text(raw: bytes) -> str:
    marked = tuple(encoding for mark, encoding in ENCODINGS if raw.startswith(mark))
    for encoding in marked or ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PersonError(
        "The file is no text in UTF-8, GBK or UTF-16; save the list as CSV again.",
        "文件不是 UTF-8、GBK 或 UTF-16 的文字，把名单重新存成 CSV。",
    )


def _column(line: int, row: list[str]) -> int:
    heads = [cell.strip().lower() for cell in row]
    for head in HEADS:
        if head in heads:
            return heads.index(head)
    raise PersonError(
        f"Line {line}: no column is headed name; the first line must name the columns.",
        f"第 {line} 行：没有名为“客户企业名称”的列，第一行要写列名。",
    )


def _name(line: int, row: list[str], column: int) -> str:
    name = meant(row[column].strip()) if column < len(row) else ""
    if not name:
        raise PersonError(
            f"Line {line}: the company's name is missing; write it or remove the line.",
            f"第 {line} 行：缺少企业名称，补上或删掉这一行。",
        )
    if len(name) > LONGEST or not name.isprintable():
        raise PersonError(
            f"Line {line}: a company's name has at most {LONGEST} characters, all printable; mend this one.",
            f"第 {line} 行：企业名称至多 {LONGEST} 个字，不能有控制字符，改好这一行。",
        )
    return name
