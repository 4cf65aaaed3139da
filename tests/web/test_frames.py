"""查看报文: who sees which frames, filters, windows, the open frame, files."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from harness.captures.opening import open_capture
from harness.core.capture import Piece
from harness.core.journal import PILE, EventSeen, FrameSeen, LinkChanged, Opened, Record
from harness.protocols.ykc import CATALOGUE
from harness.store.desk import models
from harness.store.desk.values import Actor, Model, Registrant
from harness.store.writer import Writer
from tests.web.conftest import DATA, Desk
from tests.web.conftest import PILE as CODE
from web.frames import pages as frames

LOG = f"ab12/{CODE}"
CASE = "r1/cross_tariff"
CJK = re.compile(r"[　-鿿＀-￯]")
REVIEWER = Actor(kind="reviewer", id=1, name="reviewer-01")


def frame(n: int, name: str, at: float | None = None, **values: Any) -> FrameSeen:
    raw = CATALOGUE.encode(name, {"pile_code": CODE, **values})
    return FrameSeen(n, float(n) if at is None else at, CATALOGUE.by_name(name).sender, raw)


def keep(desk: Desk, key: str, records: list[Record], **opened: Any) -> None:
    profile = opened.pop("profile", {"pile_code": CODE})
    first = EventSeen(1, 0.0, Opened(wall=desk.clock.wall().isoformat(), profile=profile, gun_no="01", **opened))
    Writer(desk.engine, "ab12").write([(key, record) for record in (first, *records)])


@pytest.fixture
def logged(desk: Desk, model: Model) -> list[FrameSeen]:
    """The frames of the model's pile: a login, heartbeats of two guns, a damaged one, a report."""
    records = [
        frame(2, "login", program_version="<script>"),
        frame(3, "login_reply"),
        *(frame(n, "heartbeat", gun_no="01" if n % 2 else "02") for n in range(4, 300)),
        FrameSeen(300, 300.0, PILE, b"\x68\x0d\x00", "unfinished"),
        frame(301, "realtime_data", gun_no="01", status=3, output_voltage="401.2", output_current="149.3"),
    ]
    keep(desk, LOG, list(records))
    return records


def rows(client: FlaskClient, model: Model, **asked: Any) -> Any:
    answer = client.get(f"/models/{model.id}/frames/rows", query_string=asked)
    assert answer.status_code == 200
    return answer.json


def numbers(found: Any) -> list[int]:
    return [row["n"] for row in found["rows"]]


def page(client: FlaskClient, model: Model, **asked: Any) -> str:
    answer = client.get(f"/models/{model.id}/frames", query_string=asked)
    assert answer.status_code == 200
    return answer.text


def places(text: str) -> list[str]:
    return re.findall(r'class="dk-fr[^"]*" href="[^"]+" data-place="([^"]+)"', text)


def test_the_page_shows_the_newest_frames_first(registrant: FlaskClient, model: Model, logged: list[FrameSeen]) -> None:
    text = page(registrant, model)
    assert places(text)[:3] == [f"{LOG}:301", f"{LOG}:300", f"{LOG}:299"]
    assert len(places(text)) == frames.FIRST
    assert "1枪 · 充电 · 401.2 V · 149.3 A" in text
    assert "300 条" in text
    assert f'data-older="{LOG}:202"' in text
    assert f'data-stream="model:{model.id},frames:{model.id}"' in text


def test_what_a_pile_sent_as_text_is_harmless(registrant: FlaskClient, model: Model, logged: list[FrameSeen]) -> None:
    text = page(registrant, model, kind="login")
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    opened = registrant.get(f"/models/{model.id}/frames/{LOG}/2").text
    assert "&lt;script&gt;" in opened
    assert "<script>" not in opened


def test_older_and_newer_windows_join_without_a_gap(
    registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    first = rows(registrant, model)
    older = rows(registrant, model, before=first["on"])
    assert numbers(first) + numbers(older) == list(range(301, 1, -1))
    assert older["on"] == ""
    assert (first["total"], first["troubles"]) == (300, 1)
    newer = rows(registrant, model, after=f"{LOG}:290")
    assert numbers(newer) == list(range(301, 290, -1))
    assert (newer["on"], newer["newest"]) == ("", f"{LOG}:301")
    assert numbers(rows(registrant, model, after=newer["newest"])) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "login"}, [2]),
        ({"kind": ["login", "login_reply"]}, [3, 2]),
        ({"kind": "realtime_data", "gun": "01"}, [301]),
        ({"kind": "realtime_data", "gun": "02"}, []),
        ({"way": "down"}, [3]),
        ({"trouble": "1"}, [300]),
        ({"trouble": "1", "way": "down"}, []),
        ({"gun": "01", "kind": "heartbeat", "before": f"{LOG}:10"}, [9, 7, 5]),
    ],
)
def test_filters_narrow_the_list(
    asked: dict[str, Any], found: list[int], registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    assert numbers(rows(registrant, model, **asked)) == found


def test_what_a_filter_does_not_know_asks_for_nothing(
    registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    odd = {"kind": "nonsense", "gun": "²x", "way": "sideways", "before": "nowhere"}
    assert numbers(rows(registrant, model, **odd)) == numbers(rows(registrant, model))
    assert rows(registrant, model, before="gone/0:7", after="")["newest"] == f"{LOG}:301"


def test_both_names_of_a_type_can_be_searched(registrant: FlaskClient, model: Model) -> None:
    found = re.findall(r'<li data-find="([^"]+)"', page(registrant, model))
    assert len(found) == len(CATALOGUE)
    for name in (
        "电桩登录",
        "电桩登录回复",
        "对时设置",
        "二维码设置",
        "实时监测数据",
        "充电桩计费模型请求",
        "0x3b",
        "上传实时监测数据",
    ):
        assert any(name in text for text in found), name


def test_an_open_frame_shows_each_field_beside_its_bytes(
    registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    text = registrant.get(f"/models/{model.id}/frames/{LOG}/301").text
    button = next(each for each in text.split("<li") if "output_current" in each)
    assert 'data-start="35" data-end="37" data-how="0x05D5 = 1493 × 0.1"' in button
    assert "149.3 A" in button
    assert "消息体字节 29–30，十六进制 D5 05" in button
    assert len(re.findall(r'data-p="\d+"', text)) == 68
    assert "CRC 对" in text


def test_damaged_bytes_say_why_they_are_no_frame(
    registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    text = registrant.get(f"/models/{model.id}/frames/{LOG}/300").text
    assert "帧在 5 秒内未收完" in text
    assert "这些字节不成报文" in text
    row = rows(registrant, model, trouble="1")["rows"][0]
    assert (row["title"][0], row["code"], row["hex"]) == ("不成报文", "", "68 0D 00")


def test_a_link_of_evidence_opens_its_frame_with_its_bytes_lit(
    desk: Desk, registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    records = [frame(n, "realtime_data", gun_no="01", output_current="149.3") for n in range(2, 400)]
    keep(desk, CASE, list(records), run_id="r1", scenario="cross_tariff", profile={"pile_code": CODE, "model": "M"})
    text = page(registrant, model, case=CASE, n="203", at="29-30")
    shown = places(text)
    assert f"{CASE}:203" in shown
    assert frames.AROUND <= shown.index(f"{CASE}:203") + 1 <= frames.AROUND + 1
    assert f'data-open="{CASE}:203"' in text
    lit = re.findall(r'<b class="[^"]* on[^"]*" data-p="(\d+)"', text)
    assert lit == ["35", "36"]
    assert f'data-newer="{CASE}:' in text
    assert "跨价格段充电 · 1枪" in text


def test_a_case_shows_its_own_frames_alone(
    desk: Desk, registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    keep(desk, CASE, [frame(5, "heartbeat", gun_no="01")], run_id="r1", scenario="cross_tariff")
    assert numbers(rows(registrant, model, case=CASE)) == [5]
    assert numbers(rows(registrant, model))[0] == 301


def test_another_registrants_frames_do_not_exist(
    desk: Desk, other: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    base = f"/models/{model.id}/frames"
    for path in (base, f"{base}/rows", f"{base}/link", f"{base}/{LOG}/2", f"{base}/download?form=txt"):
        assert other.get(path).status_code == 404
        assert desk.client().get(path).status_code in (302, 401)


def test_a_model_is_no_way_into_the_journals_of_another(
    desk: Desk, registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    theirs = "32010600417799"
    keep(desk, f"ab12/{theirs}", [frame(2, "login")], profile={"pile_code": theirs})
    keep(desk, "ab12/door", [frame(2, "login")], profile={})
    profile = {"pile_code": theirs, "model": "M"}
    keep(desk, "r2/estop", [frame(2, "login")], run_id="r2", scenario="estop", profile=profile)
    base = f"/models/{model.id}/frames"
    for key in (f"ab12/{theirs}", "ab12/door", "r2/estop", "nothing/at/all"):
        assert registrant.get(f"{base}/{key}/2").status_code == 404
        assert registrant.get(base, query_string={"open": f"{key}:2"}).status_code == 404
    for path in (base, f"{base}/rows", f"{base}/download"):
        for case in ("r2/estop", f"ab12/{CODE}", "r9/none"):
            assert registrant.get(path, query_string={"case": case}).status_code == 404


def test_what_went_under_a_pile_code_before_the_model_had_it_is_not_shown(desk: Desk, owner: Registrant) -> None:
    keep(desk, LOG, [frame(2, "login", at=5.0), frame(3, "login", at=100.0)])
    keep(desk, CASE, [frame(2, "login")], run_id="r1", scenario="cross_tariff")
    desk.clock.advance(60)
    model = desk.model(owner)
    client = desk.client(owner)
    assert numbers(rows(client, model)) == [3]
    assert client.get(f"/models/{model.id}/frames/{LOG}/2").status_code == 404
    assert client.get(f"/models/{model.id}/frames/{LOG}/3").status_code == 200
    assert client.get(f"/models/{model.id}/frames?case={CASE}").status_code == 404
    assert client.get(f"/models/{model.id}/frames/download?form=jsonl").text.count("\n") == 1
    assert "跨价格段充电 ·" not in page(client, model)


def test_approval_anew_under_the_same_code_hides_nothing(
    desk: Desk, registrant: FlaskClient, owner: Registrant, model: Model, logged: list[FrameSeen]
) -> None:
    desk.clock.advance(400)
    data = msgspec.structs.replace(DATA, power_kw=180)
    models.edit(desk.engine, model.id, data, desk.actor(owner), desk.clock.wall())
    models.approve(desk.engine, model.id, CODE, REVIEWER, desk.clock.wall())
    assert len(numbers(rows(registrant, model))) == frames.FIRST


def test_a_model_that_waits_for_approval_says_why_there_is_nothing(desk: Desk, owner: Registrant) -> None:
    keep(desk, "ab12/door", [frame(2, "login")], profile={})
    model = desk.model(owner, approved=False)
    client = desk.client(owner)
    text = page(client, model)
    assert places(text) == []
    assert "登记通过后才有桩编码" in text
    assert 'data-stream=""' in text
    assert rows(client, model) == {
        "rows": [], "on": "", "newest": "", "total": 0, "troubles": 0, "notes": {}, "checking": False,
    }  # fmt: skip


def test_the_feed_is_told_whose_frames_are_watched(desk: Desk, owner: Registrant, model: Model) -> None:
    watched: list[tuple[int, str]] = []
    services = msgspec.structs.replace(desk.services, watch_frames=lambda *what: watched.append(what))
    desk.app.extensions["desk"] = services
    desk.client(owner).get(f"/models/{model.id}/frames")
    assert watched == [(model.id, CODE)]


def test_reviewers_see_all_of_it_in_english_without_a_chinese_word(
    desk: Desk, model: Model, logged: list[FrameSeen]
) -> None:
    client = desk.client(desk.user(), lang="en")
    keep(desk, CASE, [frame(5, "heartbeat", gun_no="01")], run_id="r1", scenario="cross_tariff")
    texts = [page(client, model), page(client, model, trouble="1"), page(client, model, open=f"{LOG}:301", at="29")]
    texts += [client.get(f"/models/{model.id}/frames/{LOG}/{n}").text for n in (2, 300, 301)]
    for text in texts:
        visible = re.sub(r'<form method="post"[^>]*class="dk-lang".*?</form>| data-find="[^"]*"', "", text, flags=re.S)
        assert [word for word in CJK.findall(visible) if word != "　"] == []
    assert client.get(f"/models/{model.id}/frames/link").text.strip().startswith("<span")


def test_the_files_hold_what_the_filter_leaves_oldest_first(
    registrant: FlaskClient, model: Model, logged: list[FrameSeen]
) -> None:
    base = f"/models/{model.id}/frames/download"
    lines = registrant.get(base, query_string={"form": "jsonl"}).text.splitlines()
    assert [json.loads(line)["n"] for line in lines] == list(range(2, 302))
    last = json.loads(lines[-1])
    assert (last["name"], last["fields"]["output_current"], last["case"]) == ("realtime_data", "149.3", "")
    assert last["time"] == "2026-04-17T10:05:01.000+08:00"
    answer = registrant.get(base, query_string={"form": "csv", "kind": "login"})
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("﻿"))))
    assert [row[0] for row in table] == ["n", "2"]
    text = registrant.get(base, query_string={"form": "txt", "trouble": "1"}).text
    assert text.startswith("===== 2026-04-17")
    assert "#300 10:05:00.0 桩→平台" in text
    assert registrant.get(base, query_string={"form": "exe"}).status_code == 404


def test_a_capture_holds_what_the_filter_leaves_on_the_connections_it_went_over(
    desk: Desk, registrant: FlaskClient, model: Model
) -> None:
    frames = [
        frame(2, "login"),
        frame(4, "heartbeat", gun_no="01"),
        frame(6, "login"),
        frame(8, "heartbeat", gun_no="02"),
    ]
    links = [EventSeen(n, float(n), LinkChanged(what, f"192.0.2.9:{port}")) for n, what, port in LINKS]
    keep(desk, LOG, sorted([*frames, *links], key=lambda record: record.n))
    base = f"/models/{model.id}/frames/download"
    answer = registrant.get(base, query_string={"form": "pcap"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="frames-{CODE}.pcap"'
    assert answer.content_type == "application/vnd.tcpdump.pcap"
    assert said_in(answer.data) == [
        ("192.0.2.9:40001", frames[0].raw),
        ("192.0.2.9:40001", frames[1].raw),
        ("192.0.2.9:40002", frames[2].raw),
        ("192.0.2.9:40002", frames[3].raw),
    ]
    answer = registrant.get(base, query_string={"form": "pcap", "gun": "02"})
    assert said_in(answer.data) == [("192.0.2.9:40002", frames[3].raw)]


LINKS = ((3, "login", 40001), (5, "lost", 40001), (7, "relogin", 40002))


def said_in(raw: bytes) -> list[tuple[str, bytes]]:
    """Who said what in a capture."""
    capture = open_capture(io.BytesIO(raw), "made", 0x68)
    return [(piece.way, piece.data) for piece in capture.happenings if isinstance(piece, Piece)]


def test_a_file_says_what_it_is(desk: Desk, registrant: FlaskClient, model: Model) -> None:
    keep(desk, LOG, [frame(2, "realtime_data", gun_no="01")])
    answer = registrant.get(f"/models/{model.id}/frames/download?form=jsonl")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="frames-{CODE}.jsonl"'
    assert answer.content_type == "application/x-ndjson; charset=utf-8"
