"""The customer list: imported after a look at what changes, exported, and safe against two people at once."""

from __future__ import annotations

import html
import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from harness.store.desk import audit, customers
from harness.store.desk.values import Actor
from tests.web.conftest import Desk

BY = Actor(kind="reviewer", id=1, name="reviewer-01")
HEAD = "客户企业名称\r\n"


def given(desk: Desk, *names: str) -> None:
    customers.replace_customers(desk.engine, names, BY, desk.clock.wall())


def look(client: FlaskClient, raw: bytes) -> Any:
    return client.post("/review/customers/", data={"file": (BytesIO(raw), "list.csv")})


def hidden(text: str) -> dict[str, str]:
    was = re.search(r'name="was" value="(\w+)"', text)
    names = re.search(r'<textarea name="names" hidden>(.*?)</textarea>', text, re.DOTALL)
    assert was is not None
    assert names is not None
    return {"was": was[1], "names": html.unescape(names[1])}


def test_without_a_list_the_page_says_what_that_means(reviewer: FlaskClient) -> None:
    assert "没有名单时，任何企业都能登记" in reviewer.get("/review/customers/").text


def test_a_new_list_is_looked_at_before_it_counts(desk: Desk, reviewer: FlaskClient) -> None:
    given(desk, "甲公司", "乙公司")
    answer = look(reviewer, f'{HEAD}乙公司\r\n"丙, 公司"\r\n丁<b>公司\r\n'.encode())
    assert answer.status_code == 200
    assert re.findall(r"<dd>(\d+)</dd>", answer.text) == ["2", "1", "3"]
    assert "丁&lt;b&gt;公司" in answer.text
    assert customers.customers(desk.engine) == sorted(["甲公司", "乙公司"])
    done = reviewer.post("/review/customers/replace", data=hidden(answer.text))
    assert done.location == "/review/customers/"
    assert set(customers.customers(desk.engine)) == {"乙公司", "丙, 公司", "丁<b>公司"}
    assert "增加 2 家，移除 1 家" in reviewer.get(done.location).text
    assert audit.audit(desk.engine)[0].actor.name == "reviewer-01"


def test_a_file_from_a_chinese_spreadsheet_is_read(reviewer: FlaskClient) -> None:
    assert "青禾换电" in look(reviewer, "编号,客户企业名称\n1,青禾换电\n".encode("gbk")).text


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "文件是空的"),
        ("企业\n甲公司\n".encode(), "第 1 行：没有名为“客户企业名称”的列"),
        ("name\n甲公司\n,\n ,x\n".encode(), "第 4 行：缺少企业名称"),
        (("name\n" + "长" * 129).encode(), "第 2 行：企业名称至多"),
        (b"name\n\xff\xff\xff", "文件不是 UTF-8、GBK 或 UTF-16"),
        (b"name\n" + b"x" * 400 * 1024, "文件太大，最多 400 KB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    desk: Desk, reviewer: FlaskClient, raw: bytes, told: str
) -> None:
    given(desk, "甲公司")
    answer = look(reviewer, raw)
    assert answer.status_code == 400
    assert told in answer.text
    assert customers.customers(desk.engine) == ["甲公司"]


def test_no_file_is_told(reviewer: FlaskClient) -> None:
    assert "文件是空的" in reviewer.post("/review/customers/", data={}).text


def test_a_file_without_companies_says_that_there_will_be_no_list(desk: Desk, reviewer: FlaskClient) -> None:
    given(desk, "甲公司")
    answer = look(reviewer, HEAD.encode())
    assert "确认后没有名单" in answer.text
    assert reviewer.post("/review/customers/replace", data=hidden(answer.text)).status_code == 302
    assert customers.customers(desk.engine) == []


def test_the_same_list_again_offers_nothing_to_confirm(desk: Desk, reviewer: FlaskClient) -> None:
    given(desk, "甲公司")
    text = look(reviewer, f"{HEAD}甲公司".encode()).text
    assert "新名单与现在的相同" in text
    assert "用新名单" not in text


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten(desk: Desk, reviewer: FlaskClient) -> None:
    given(desk, "甲公司")
    form = hidden(look(reviewer, f"{HEAD}乙公司".encode()).text)
    given(desk, "甲公司", "戊公司")
    answer = reviewer.post("/review/customers/replace", data=form)
    assert answer.status_code == 409
    assert "名单刚被别人改过" in answer.text
    assert customers.customers(desk.engine) == sorted(["甲公司", "戊公司"])


def test_what_is_exported_can_be_imported(desk: Desk, reviewer: FlaskClient) -> None:
    names = ["甲公司", '乙 "引号" 公司', "丙, 公司"]
    given(desk, *names)
    answer = reviewer.get("/review/customers/customers.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert set(customers.read_customers(answer.data)) == set(names)


def test_many_changes_are_counted_though_not_all_are_listed(desk: Desk, reviewer: FlaskClient) -> None:
    names = [f"公司{number:03}" for number in range(60)]
    text = look(reviewer, (HEAD + "\n".join(names)).encode()).text
    assert "还有 10 家" in text
    assert hidden(text)["names"].splitlines() == names


def test_an_exported_name_is_not_worked_out_by_a_spreadsheet_and_can_be_imported_again(
    desk: Desk, reviewer: FlaskClient
) -> None:
    given(desk, "=1+1", "甲公司")
    file = reviewer.get("/review/customers/customers.csv").data
    assert file.decode("utf-8-sig").splitlines() == ["客户企业名称", "'=1+1", "甲公司"]
    assert "新名单与现在的相同" in look(reviewer, file).text
