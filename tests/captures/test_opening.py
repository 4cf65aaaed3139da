"""What a file is, told by what it begins with."""

from __future__ import annotations

import io

import pytest

from harness.captures.opening import Unusable, open_capture
from tests.captures.pcaps import Talk, pcap
from tests.captures.reading import START, opened, pieces


@pytest.mark.parametrize("raw", [b"", b"   \n\t \r\n", b"\n" * 5000])
def test_an_empty_file_says_so(raw: bytes) -> None:
    with pytest.raises(Unusable, match="empty") as caught:
        opened(raw)
    assert caught.value.text_zh == "file：文件是空的"


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a PNG picture"),
        (b"%PDF-1.7\n" + bytes(100), "a PDF document"),
        (b"PK\x03\x04" + bytes(100), "an archive; unpack it first"),
        (b"\x1f\x8b\x08" + bytes(100), "an archive; unpack it first"),
        (b"SQLite format 3\0" + bytes(100), "a database"),
        (bytes(range(256)) * 20, "a binary file"),
        (b"\x68\x0d\x00\x01\x00\x03\x32\x01", "a binary file"),
    ],
)
def test_what_is_no_capture_has_a_name(raw: bytes, what: str) -> None:
    with pytest.raises(Unusable, match=what):
        opened(raw)


class Pipe(io.RawIOBase):
    """Gives a few bytes at a time and cannot go back."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, into: object) -> int:
        part = self._data.read(min(len(memoryview(into)), 7))  # type: ignore[arg-type]
        memoryview(into)[: len(part)] = part  # type: ignore[arg-type]
        return len(part)


def test_a_pipe_is_read_as_it_comes() -> None:
    raw = pcap(Talk().open().say(1, True, b"hello").packets)
    capture = open_capture(io.BufferedReader(Pipe(raw), 16), "-", START)
    assert len(list(capture.happenings)) == 2


def test_stray_bytes_do_not_make_a_log_binary() -> None:
    text = b"10:00:01 recv \x00 680D00010003320102000000010100F11A\n" * 3
    assert len(pieces(text)) == 3
