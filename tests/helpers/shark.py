"""tshark over a capture, with our dissector and nobody's preferences: what Wireshark would show, as values."""

import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

from harness.protocols.ykc import CATALOGUE
from harness.protocols.ykc.dissector import dissector

MISSING = "there is no tshark; `make tools` installs it"
PORT = 5456
HEAD = ("start", "length", "frame_serial", "encryption_flag", "frame_type")
WHOLE = {f"ykc.{name}" for name in (*HEAD, *(frame.name for frame in CATALOGUE), "body", "surplus", "crc")}


class Item(NamedTuple):
    """A line of the tree: what a filter calls it and compares, what people see, and the bytes it stands for."""

    name: str
    label: str
    value: str
    raw: str
    start: int
    size: int
    remarks: tuple[str, ...]


class Shown(NamedTuple):
    """A frame, or rubbish, as Wireshark shows it; `packet` is where it ends."""

    packet: int
    label: str
    items: list[Item]

    @property
    def raw(self) -> bytes:
        """The frame put together again from what is shown of its head, body and end."""
        return b"".join(bytes.fromhex(item.raw) for item in self.items if item.name in WHOLE)

    def item(self, name: str) -> Item:
        """The first line of a name."""
        return next(item for item in self.items if item.name == name)


class Shark:
    """tshark with the dissector, in a folder of its own."""

    def __init__(self, path: str, folder: Path, language: Literal["zh", "en"] = "zh") -> None:
        self.path = path
        self.folder = folder
        self.script = folder / f"ykc-{language}.lua"
        self.script.write_text(dissector(PORT, language), encoding="utf-8")

    def says(self, capture: Path, *arguments: str) -> str:
        """What tshark prints; it must have nothing to complain of."""
        done = subprocess.run(
            [self.path, "-r", str(capture), "-X", f"lua_script:{self.script}", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=False,
        )
        told = done.stderr.decode()
        noise = [line for line in told.splitlines() if line and not line.startswith("Running as user")]
        assert (done.returncode, noise) == (0, []), told
        said = done.stdout.decode()
        assert "Lua Error" not in said
        return said

    def frames(self, capture: Path, *arguments: str) -> list[Shown]:
        """All frames and rubbish of a capture, in the order in which they were shown."""
        tree = ElementTree.fromstring(self.says(capture, "-T", "pdml", "-J", "ykc", *arguments))
        return [shown for packet in tree.iter("packet") for shown in _shown(packet)]


def find_tshark(folder: Path, language: Literal["zh", "en"] = "zh") -> Shark:
    """tshark, or the test is skipped; with CI set that is a failure."""
    path = shutil.which("tshark")
    if path is None:
        pytest.skip(MISSING)
    return Shark(path, folder, language)


def visible(text: str) -> str:
    """Signs that nobody sees are named, as the dissector does it."""
    return "".join(f"\\x{ord(sign):02X}" if ord(sign) < 32 or ord(sign) == 127 else sign for sign in text)


def _shown(packet: ElementTree.Element) -> Iterator[Shown]:
    number = next(int(field.get("show", "")) for field in packet.iter("field") if field.get("name") == "num")
    for proto in packet.findall("proto[@name='ykc']"):
        start = int(proto.get("pos", ""))
        yield Shown(number, proto.get("showname", ""), list(_items(proto, start)))


def _items(parent: ElementTree.Element, start: int) -> Iterator[Item]:
    for field in parent.findall("field"):
        name = field.get("name", "")
        if not name.startswith("ykc."):
            continue
        yield Item(
            name=name,
            label=field.get("showname", ""),
            value=field.get("show", ""),
            raw=field.get("value", ""),
            start=int(field.get("pos", "")) - start,
            size=int(field.get("size", "")),
            remarks=tuple(_remarks(field)),
        )
        yield from _items(field, start)


def _remarks(field: ElementTree.Element) -> Iterator[str]:
    for each in field.findall("field[@name='']") + field.findall("field[@name='_ws.expert']"):
        for message in each.findall("field[@name='_ws.expert.message']"):
            yield message.get("show", "")
