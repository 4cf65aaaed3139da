"""The files that pages need besides themselves, read once and compressed once."""

from __future__ import annotations

import gzip
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EVERY_TIME = "no-cache"
# By our own table: what a machine knows about suffixes differs from one to the next.
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


class Asset(NamedTuple):
    """A file as it is sent; `packed` is empty when compressing gains nothing."""

    kind: str
    plain: bytes
    packed: bytes
    mark: str  # changes when the file does, so that browsers may keep it


def load_assets(folder: Path = STATIC) -> dict[str, Asset]:
    """All files of a folder whose kind is known, by their path in it."""
    return {
        path.relative_to(folder).as_posix(): _asset(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in KINDS
    }


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    packed = gzip.compress(plain, mtime=0)
    mark = sha256(plain).hexdigest()[:16]
    return Asset(KINDS[path.suffix], plain, packed if len(packed) < len(plain) else b"", mark)
