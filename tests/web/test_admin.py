"""The admin's pages: users, piles, firmware, settings, what is kept, the audit list."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.store.desk import accounts, audit, models, uploads
from harness.store.desk.values import Actor, Model, Registrant, Upload, User
from tests.web.conftest import PILE, Desk
from tests.web.plays import play
from web import passwords
from web.services import PileNow


def found(desk: Desk, name: str) -> tuple[User, str]:
    account = accounts.find_user(desk.engine, name)
    assert account is not None
    return account


def secret(text: str) -> str:
    shown = re.search(r'data-copy="([A-Z2-9-]+)"', text)
    assert shown is not None
    return shown[1]


# users


def test_a_new_user_gets_a_password_that_is_shown_once(desk: Desk, admin: FlaskClient) -> None:
    answer = admin.post("/admin/users", data={"name": "reviewer-07", "role": "reviewer"})
    assert "只显示这一次" in answer.text
    user, kept = found(desk, "reviewer-07")
    assert user.role == "reviewer"
    assert passwords.fits(kept, secret(answer.text))
    assert secret(answer.text) not in admin.get("/admin/users").text
    signed = desk.client().post("/review/login", data={"name": "reviewer-07", "password": secret(answer.text)})
    assert signed.location == "/review/"


def test_the_audit_list_names_the_admin_who_added_a_user(desk: Desk, admin: FlaskClient) -> None:
    admin.post("/admin/users", data={"name": "reviewer-07", "role": "reviewer"})
    line = audit.audit(desk.engine)[0]
    assert (line.action, line.actor.kind, line.actor.name) == ("add_user", "admin", "admin-01")


@pytest.mark.parametrize(
    ("name", "role", "told"),
    [
        ("", "reviewer", "这一项还没有填。"),
        ("a b", "reviewer", "用户名不能有空格"),
        ("x" * 65, "reviewer", "最多 64 个字。"),
        ("reviewer-07", "king", "请选一项。"),
        ("admin-01", "admin", "用户“admin-01”已经有了"),
    ],
)
def test_a_user_that_cannot_be_is_refused_beside_the_field(
    desk: Desk, admin: FlaskClient, name: str, role: str, told: str
) -> None:
    answer = admin.post("/admin/users", data={"name": name, "role": role})
    assert answer.status_code == 400
    assert told in answer.text
    assert len(accounts.users(desk.engine)) == 1


def test_a_role_is_changed_and_the_session_of_the_other_role_is_over(desk: Desk, admin: FlaskClient) -> None:
    user = desk.user()
    theirs = desk.client(user)
    assert theirs.get("/review/").status_code == 200
    assert admin.post(f"/admin/users/{user.id}", data={"role": "admin"}).location == "/admin/users"
    assert found(desk, user.name)[0].role == "admin"
    assert theirs.get("/review/").status_code == 302
    assert admin.post(f"/admin/users/{user.id}", data={"role": "king"}).status_code == 400


def test_a_disabled_user_is_out_at_once_and_may_be_enabled_again(desk: Desk, admin: FlaskClient) -> None:
    user = desk.user()
    theirs = desk.client(user)
    admin.post(f"/admin/users/{user.id}", data={"disabled": "1"})
    assert theirs.get("/review/").status_code == 302
    assert "已停用" in admin.get("/admin/users").text
    admin.post(f"/admin/users/{user.id}", data={"disabled": "0"})
    assert desk.client(found(desk, user.name)[0]).get("/review/").status_code == 200


def test_nobody_locks_themselves_out(desk: Desk, admin: FlaskClient) -> None:
    own = found(desk, "admin-01")[0]
    for form in ({"disabled": "1"}, {"role": "reviewer"}):
        answer = admin.post(f"/admin/users/{own.id}", data=form)
        assert answer.status_code == 400
        assert "不能改自己的角色" in answer.text
    assert found(desk, "admin-01")[0] == own


def test_a_new_password_ends_the_old_one(desk: Desk, admin: FlaskClient) -> None:
    user = desk.user()
    answer = admin.post(f"/admin/users/{user.id}/password")
    changed, kept = found(desk, user.name)
    assert passwords.fits(kept, secret(answer.text))
    assert changed.epoch == user.epoch + 1
    line = audit.audit(desk.engine)[0]
    assert secret(answer.text) not in f"{line.detail}{line.why}"


@pytest.mark.parametrize("path", ["/admin/users/999", "/admin/users/999/password", "/admin/firmware/none"])
def test_what_is_not_there_is_not_found(admin: FlaskClient, path: str) -> None:
    answer = admin.get(path) if "firmware" in path else admin.post(path, data={"role": "admin"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["users", "piles", "firmware", "settings", "storage", "audit"])
def test_reviewers_do_not_get_the_admins_pages(reviewer: FlaskClient, path: str) -> None:
    assert reviewer.get(f"/admin/{path}").status_code == 403
    assert f"/admin/{path}" not in reviewer.get("/review/").text


# piles, firmware, settings


def test_piles_are_listed_with_their_models_and_whether_they_are_online(
    desk: Desk, owner: Registrant, model: Model, admin: FlaskClient
) -> None:
    data = msgspec.structs.replace(model.data, model="QH-2")
    desk.model(owner, data, pile_code="32010600417703")
    desk.model(owner, msgspec.structs.replace(data, model="QH-3"), approved=False)
    desk.house.piles[PILE] = PileNow(pile_code=PILE, online=True, peer="198.51.100.7:4021", program_version="<script>1")
    text = admin.get("/admin/piles").text
    rows = re.findall(r"<tr><th.*?</tr>", text, re.DOTALL)[1:]
    assert len(rows) == 2
    assert all(word in rows[0] for word in (PILE, "桩在线", "198.51.100.7:4021", "&lt;script&gt;1", "QH-DC120-2"))
    assert "桩离线" in rows[1]


def firmware(desk: Desk, model: Model, content: bytes = b"\x7fELF") -> Upload:
    upload = Upload(
        id="f" * 32, model_id=model.id, run_id="r1", kind="firmware", name="../<b>QH143.bin", size=len(content),
        sha256=sha256(content).hexdigest(), version="QH1.4.3", at=desk.clock.wall(), by="测试员甲",
    )  # fmt: skip
    folder = desk.services.settings.firmware
    folder.mkdir(parents=True)
    (folder / upload.id).write_bytes(content)
    uploads.keep_upload(desk.engine, upload)
    return upload


def test_firmware_is_given_out_as_a_file_and_never_shown(desk: Desk, model: Model, admin: FlaskClient) -> None:
    upload = firmware(desk, model)
    text = admin.get("/admin/firmware").text
    assert upload.sha256 in text
    assert "&lt;b&gt;QH143.bin" in text
    answer = admin.get(f"/admin/firmware/{upload.id}")
    assert answer.data == b"\x7fELF"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert ".." not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()
    line = audit.audit(desk.engine)[0]
    assert (line.action, line.model_id, line.actor.name) == ("firmware", model.id, "admin-01")


def test_a_picture_or_a_file_that_is_gone_is_no_firmware(desk: Desk, model: Model, admin: FlaskClient) -> None:
    upload = firmware(desk, model)
    uploads.keep_upload(desk.engine, msgspec.structs.replace(upload, id="a" * 32, kind="picture"))
    assert admin.get(f"/admin/firmware/{'a' * 32}").status_code == 404
    (desk.services.settings.firmware / upload.id).unlink()
    assert admin.get(f"/admin/firmware/{upload.id}").status_code == 404


def test_settings_are_shown_as_they_were_handed_over(desk: Desk, admin: FlaskClient) -> None:
    shown = {"port": "5456", "webhook_url": "https://example.com/***", "public_url": ""}
    settings = msgspec.structs.replace(desk.services.settings, shown=shown, secret=b"do not tell")
    desk.app.extensions["desk"] = msgspec.structs.replace(desk.services, settings=settings)
    text = admin.get("/admin/settings").text
    assert [text.index(name) for name in ("port", "public_url", "webhook_url")]
    assert "https://example.com/***" in text
    assert "do not tell" not in text


# what is kept


def forward(desk: Desk, days: float) -> FlaskClient:
    desk.clock.advance(days * 86400)
    return desk.client(found(desk, "admin-01")[0])


def test_what_is_kept_is_counted_and_what_is_old_goes_when_asked(
    desk: Desk, owner: Registrant, model: Model, admin: FlaskClient
) -> None:
    play(desk, model, "r1", "estop")
    upload = firmware(desk, model)
    text = admin.get("/admin/storage").text
    assert "<dt>运行</dt><dd>1</dd>" in text
    assert "<dt>报文</dt><dd>3</dd>" in text
    assert "现在没有可以清理的旧数据" in text
    models.delete(desk.engine, model.id, desk.actor(owner), desk.clock.wall())
    admin = forward(desk, 91)
    assert "1 份报文日志（3 条报文）、1 个上传文件" in admin.get("/admin/storage").text
    answer = admin.post("/admin/storage/sweep")
    assert "已移除 1 份报文日志（3 条报文）、1 个上传文件" in admin.get(answer.location).text
    assert not (desk.services.settings.firmware / upload.id).exists()
    assert audit.audit(desk.engine)[0].action == "sweep"


def test_what_belongs_to_a_model_that_is_listed_stays(desk: Desk, model: Model, admin: FlaskClient) -> None:
    play(desk, model, "r1", "estop")
    upload = firmware(desk, model)
    admin = forward(desk, 400)
    assert "现在没有可以清理的旧数据" in admin.get("/admin/storage").text
    admin.post("/admin/storage/sweep")
    assert (desk.services.settings.firmware / upload.id).exists()


# the audit list


def test_the_audit_list_tells_everything_in_words_newest_first_page_by_page(
    desk: Desk, owner: Registrant, model: Model, admin: FlaskClient
) -> None:
    by = desk.actor(owner)
    numbers: Any = {"card_no": "11"}
    models.set_numbers(desk.engine, model.id, by, desk.clock.wall(), **numbers)
    user = desk.user("reviewer-09")
    accounts.change_user(desk.engine, user.id, by, desk.clock.wall(), disabled=True)
    text = admin.get("/admin/audit").text
    assert text.index("修改用户") < text.index("修改卡号或 VIN") < text.index("登记型号")
    assert "卡号：32095DF0 → 11" in text
    assert "停用：是" in text
    assert f'href="/review/models/{model.id}">QH-DC120-2</a>' in text
    assert "信息审核中 → 联调中" in text
    assert "更早的" not in text
    for number in range(100):
        audit.note(desk.engine, by, f"made up {number}", desk.clock.wall(), detail="a: b")
    first = admin.get("/admin/audit").text
    older = re.search(r'href="(/admin/audit\?before=\d+)"', first)
    assert older is not None
    assert "made up 0<" in first
    second = admin.get(older[1]).text
    assert "made up" not in second
    assert "登记型号" in second


def test_whatever_stands_in_the_audit_list_is_shown_as_text(desk: Desk, admin: FlaskClient) -> None:
    evil = Actor(kind="registrant", id=1, name="<script>alert(1)</script>")
    audit.note(desk.engine, evil, "<b>odd</b>", desk.clock.wall(), why="<i>why</i>", detail="<u>x</u>: a → <u>b</u>")
    text = admin.get("/admin/audit").text
    for raw in ("<script>alert", "<b>odd", "<i>why", "<u>"):
        assert raw not in text
    assert "&lt;script&gt;alert" in text
