"""Where somebody wanted to go who asks to see an address that only takes forms: phones restore such pages."""

from __future__ import annotations

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError, MapAdapter, RequestRedirect


def page_for(path: str) -> str:
    """The page that a form's address belongs to: that of its part of the desk, else the nearest one above it."""
    adapter = current_app.url_map.bind("")
    return _of_its_part(current_app, adapter, path) or _above(adapter, path)


def _of_its_part(app: Flask, adapter: MapAdapter, path: str) -> str | None:
    try:
        endpoint, values = adapter.match(path, method="POST")
        page = f"{str(endpoint).partition('.')[0]}.page"
        return adapter.build(page, values) if page in app.view_functions else None
    except (HTTPException, BuildError):
        return None


def _above(adapter: MapAdapter, path: str) -> str:
    above = path.rstrip("/").rpartition("/")[0]
    return (above if _is_page(adapter, above) else _above(adapter, above)) if above else "/"


def _is_page(adapter: MapAdapter, path: str) -> bool:
    try:
        adapter.match(path, method="GET")
    except RequestRedirect:  # to the same with a slash
        return True
    except HTTPException:
        return False
    return True
