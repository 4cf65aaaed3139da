"""Firmware for the upgrade case: taken in with its version, kept under a random name, offered again later."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from flask import request
from werkzeug.datastructures import FileStorage

from harness.core.operator import version_fits
from harness.store.desk import uploads
from harness.store.desk.values import FIRMWARE, Model, Upload
from web import access
from web.answers import refused
from web.runs.prompts import open_prompt, waits

CHUNK = 2**16
MB = 2**20
LONGEST_NAME = 120


def receive_firmware(model: Model, prompt_id: int) -> bool:
    """Take a file and its version in and give it to the case; False when somebody answered before."""
    services = access.services()
    chosen = request.form.get("upload", "")
    known = _known(model, chosen) if chosen else None
    version = _version(model, known.version if known else "")
    if not waits(model, prompt_id):
        return False  # no need to keep a file that nobody asks for
    upload = known or _keep(model, version)
    path = services.settings.firmware / upload.id
    return services.house.chose(model.id, prompt_id, path, version)


def earlier(model: Model) -> list[Upload]:
    """What was sent before, newest first; each file once."""
    there = access.services().settings.firmware
    sent = uploads.uploads(access.services().engine, model.id, FIRMWARE)
    by_content = {(each.sha256, each.version): each for each in sent if (there / each.id).is_file()}
    return sorted(by_content.values(), key=lambda each: each.at, reverse=True)


def present_version(model: Model) -> str:
    """The program version that the pile logged in with last."""
    prompt = open_prompt(model)
    asked = prompt.params.get("current") if prompt is not None else None
    return str(asked or access.services().house.pile(model.pile_code).program_version)


def _version(model: Model, usual: str) -> str:
    version, current = request.form.get("version", "").strip() or usual, present_version(model)
    if not version_fits(version):
        raise refused("run.version_bad")
    if version == current:
        raise refused("run.version_same", current=current)
    return version


def _known(model: Model, upload_id: str) -> Upload:
    found = uploads.upload(access.services().engine, upload_id)
    if found is None or found.model_id != model.id or found.kind != FIRMWARE:
        raise refused("run.file_missing")
    return found


def _keep(model: Model, version: str) -> Upload:
    services = access.services()
    sent, run = request.files.get("file"), services.house.run(model.id)
    if sent is None or not sent.filename:
        raise refused("run.file_missing")
    name = secrets.token_hex(16)
    services.settings.firmware.mkdir(parents=True, exist_ok=True)
    size, digest = _write(sent, services.settings.firmware / name, services.settings.most_firmware)
    upload = Upload(
        id=name,
        model_id=model.id,
        run_id=run.run_id if run is not None else "",
        kind=FIRMWARE,
        name=sent.filename.replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:],
        size=size,
        sha256=digest,
        version=version,
        at=access.now(),
        by=access.actor().name,
    )
    uploads.keep_upload(services.engine, upload)
    return upload


def _write(sent: FileStorage, path: Path, most: int) -> tuple[int, str]:
    """Its size and SHA-256; nothing is left of a file that cannot be used."""
    try:
        with path.open("wb") as file:
            return _copy(sent, file, most)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(sent: FileStorage, file: BinaryIO, most: int) -> tuple[int, str]:
    size, digest = 0, sha256()
    while chunk := sent.stream.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise refused("run.file_large", n=most // MB)
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise refused("run.file_empty")
    return size, digest.hexdigest()
