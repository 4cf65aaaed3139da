"""The front panels of the demo's simulated piles: only there when the house brings such piles."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import services, wants_page
from web.services import DemoPiles

bp = Blueprint("demo", __name__, url_prefix="/demo")
FIRMWARE = ("V2.0.1", "V2.0.2")
BUTTONS = ("plug", "unplug", "swipe", "vin", "estop", "release", "power")


@bp.get("/")
def index() -> ResponseReturnValue:
    """The simulated piles, and a way to set up another one."""
    panels = [piles().panel(code) for code in piles().codes()]
    return render_template("demo/index.html", panels=panels, firmware=FIRMWARE)


@bp.post("/")
def set_up() -> ResponseReturnValue:
    """Another simulated pile with the pile code that the desk gave out."""
    code = request.form.get("pile_code", "").strip()
    piles().set_up(code)
    return redirect(url_for("demo.pile", code=code))


@bp.get("/<code>")
def pile(code: str) -> ResponseReturnValue:
    """The front panel of one pile."""
    there(code)
    return render_template("demo/pile.html", panel=piles().panel(code))


@bp.get("/<code>/panel")
def panel(code: str) -> ResponseReturnValue:
    """The part of the panel that changes."""
    there(code)
    return render_template("demo/_panel.html", panel=piles().panel(code))


@bp.get("/<code>/screen/<gun>")
def screen(code: str, gun: str) -> ResponseReturnValue:
    """What the screen of a gun shows, with its QR code."""
    there(code)
    return Response(piles().screen(code, gun), mimetype="image/png")


@bp.get("/firmware/<version>.bin")
def firmware(version: str) -> ResponseReturnValue:
    """A firmware file to upload when the desk asks for one."""
    if version not in FIRMWARE:
        abort(404)
    headers = {"Content-Disposition": f"attachment; filename=demo-{version}.bin"}
    return Response(piles().firmware(version), mimetype="application/octet-stream", headers=headers)


@bp.post("/<code>/press")
def press(code: str) -> ResponseReturnValue:
    """Somebody acts at the pile."""
    there(code)
    button = request.form.get("button", "")
    if button not in BUTTONS:
        abort(400)
    piles().press(code, button, request.form.get("gun", "01"), request.form.get("card", "").strip())
    return after(code)


@bp.post("/<code>/helpful")
def helpful(code: str) -> ResponseReturnValue:
    """Let the pile do by itself what the desk asks of people, or not."""
    there(code)
    piles().set_helpful(code, request.form.get("on") == "1")
    return after(code)


def piles() -> DemoPiles:
    """The piles of the demo; 404 where there is no demo."""
    found = services().demo
    if found is None:
        abort(404)
    return found


def there(code: str) -> None:
    """404 for a pile that nobody set up."""
    if code not in piles().codes():
        abort(404)


def after(code: str) -> ResponseReturnValue:
    """Scripts of ours get the changed panel, everybody else the whole page."""
    if not wants_page(request):
        return render_template("demo/_panel.html", panel=piles().panel(code))
    return redirect(url_for("demo.pile", code=code))
