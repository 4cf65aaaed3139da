"""What stands at the top of the site: a few native resources, and Flask for all the rest."""

from __future__ import annotations

from typing import Any

from twisted.web import http
from twisted.web.resource import Resource

from web.assets import ASK_EVERY_TIME, FOR_EVER, Asset
from web.site.answers import Native, only_code


class Root(Resource):
    """What is not native goes to Flask, whole."""

    def __init__(self, pages: Resource, native: dict[bytes, Resource]) -> None:
        super().__init__()
        self._pages = pages
        for name, resource in native.items():
            self.putChild(name, resource)

    def getChild(self, path: bytes, request: Any) -> Any:
        request.prepath.pop()
        request.postpath.insert(0, path)
        return self._pages


class Static(Native):
    """The files of web/static, from memory."""

    def __init__(self, assets: dict[str, Asset]) -> None:
        super().__init__()
        self._assets = assets

    def render_GET(self, request: Any) -> bytes:
        """A file; for ever when the page names its version."""
        asset = self._assets.get(b"/".join(request.postpath).decode("utf-8", "replace"))
        if asset is None:
            return only_code(request, 404)
        request.setHeader(b"Content-Type", asset.kind.encode())
        request.setHeader(b"Cache-Control", (FOR_EVER if b"v" in request.args else ASK_EVERY_TIME).encode())
        request.setHeader(b"Vary", b"Accept-Encoding")
        if request.setETag(f'"{asset.mark}"'.encode()) is http.CACHED:
            return b""
        if asset.packed and b"gzip" in (request.getHeader(b"accept-encoding") or b""):
            request.setHeader(b"Content-Encoding", b"gzip")
            return asset.packed
        return asset.plain
