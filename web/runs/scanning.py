"""Pictures of a pile's screen: read, held against what the pile was told to show, and kept as evidence."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import NamedTuple

from flask import request

from harness.core.pairs import Pair
from harness.store.desk import uploads
from harness.store.desk.values import PICTURE, Model, Upload
from web import access
from web.answers import refused
from web.runs.prompts import open_prompt, waits
from web.services import NOTHING
from web.words import say

KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
MB = 2**20
LONGEST = 120  # characters of a foreign code that are shown


class Seen(NamedTuple):
    """What came of a picture; `state`: none (no code), other (another code, ask), same, noted, late."""

    state: str
    said: Pair = NOTHING
    read: str = ""


def receive_picture(model: Model, prompt_id: int) -> Seen:
    """Take a picture in. A code that is not the one sent counts only when the person says that it is this one."""
    picture = _picture()
    if request.form.get("none"):
        return _told(model, prompt_id, (), picture)
    if picture is None:
        raise refused("run.photo_missing")
    texts = access.services().read_picture(picture)
    if not texts:
        return Seen("none", say("run.photo_none"))
    same = bool(set(texts) & _expected(model))  # the answer closes the prompt: afterwards nothing is expected
    if not same and not request.form.get("sure"):
        return Seen("other", say("run.photo_other", read=texts[0][:LONGEST]), texts[0][:LONGEST])
    return _told(model, prompt_id, texts, picture, same)


def picture_kind(head: bytes) -> str:
    """The content type of a picture by its first bytes; "" for what is none that we take."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in KINDS if head.startswith(mark)), "")


def _told(model: Model, prompt_id: int, texts: tuple[str, ...], picture: bytes | None, same: bool = False) -> Seen:
    if not waits(model, prompt_id):
        return Seen("late", say("run.too_late"))
    kept = _keep(model, picture) if picture is not None and texts else ""
    if not access.services().house.scanned(model.id, prompt_id, texts, kept):
        return Seen("late", say("run.too_late"))
    return Seen("same" if same else "noted")


def _expected(model: Model) -> set[str]:
    prompt = open_prompt(model)
    return set(prompt.params.get("texts", ())) if prompt is not None else set()


def _picture() -> bytes | None:
    sent = request.files.get("picture")
    if sent is None:
        return None
    most = access.services().settings.most_picture
    content = sent.stream.read(most + 1)
    if not content:
        return None
    if len(content) > most:
        raise refused("run.photo_large", n=most // MB)
    if not picture_kind(content[:16]):
        raise refused("run.photo_kind")
    return content


def _keep(model: Model, content: bytes) -> str:
    """Lay a picture down under a random name."""
    services = access.services()
    name, run = secrets.token_hex(16), services.house.run(model.id)
    services.settings.pictures.mkdir(parents=True, exist_ok=True)
    (services.settings.pictures / name).write_bytes(content)
    upload = Upload(
        id=name,
        model_id=model.id,
        run_id=run.run_id if run is not None else "",
        kind=PICTURE,
        name=request.files["picture"].filename or "",
        size=len(content),
        sha256=sha256(content).hexdigest(),
        version="",
        at=access.now(),
        by=access.actor().name,
    )
    uploads.keep_upload(services.engine, upload)
    return name
