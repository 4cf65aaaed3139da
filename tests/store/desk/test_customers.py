"""The customer list: read from CSV as people save it, taken over as a whole, asked for a company."""

import re

import pytest
from sqlalchemy import Engine

from harness.core.errors import PersonError
from harness.store.desk import customers
from harness.store.desk.audit import audit
from harness.store.desk.customers import read_customers
from tests.store.desk.people import NOW, REVIEWER

LIST = "序号,客户企业名称\n1,青禾充电\n\n2, 蓝桩科技 \n,\n3,青禾充电\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_list_is_read_in_the_encodings_that_people_save(encoding: str) -> None:
    assert read_customers(LIST.encode(encoding)) == ["青禾充电", "蓝桩科技"]


@pytest.mark.parametrize("text", ["Name\r\nBlue, Ltd\r\n".replace("Blue, Ltd", '"Blue, Ltd"'), 'name\n"Blue, Ltd"'])
def test_the_column_may_be_called_name_and_a_company_may_hold_a_comma(text: str) -> None:
    assert read_customers(text.encode()) == ["Blue, Ltd"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_commas_semicolons_or_tabs_stand_between_cells(separator: str) -> None:
    text = LIST.replace(",", separator)
    assert read_customers(text.encode()) == ["青禾充电", "蓝桩科技"]
    assert read_customers(text.encode("utf-16")) == ["青禾充电", "蓝桩科技"]


def test_a_list_of_names_alone_may_hold_any_separator() -> None:
    assert read_customers(b'name\n"a;b,c"\n') == ["a;b,c"]


def test_a_name_that_was_kept_from_being_worked_out_is_read_as_it_was() -> None:
    assert read_customers(b"name\n'=1+1\n'tis\n") == ["=1+1", "'tis"]


def test_a_list_of_no_company_is_empty() -> None:
    assert read_customers("客户企业名称\n".encode()) == []


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        ("企业\n青禾".encode(), "Line 1: no column is headed"),
        (b"no,name\n1,Blue\n2\n", "Line 3: the company's name is missing"),
        (b"no,name\n1,\n", "Line 2: the company's name is missing"),
        (b"name\n" + b"x" * 129, "Line 2: a company's name has at most 128"),
        (b"name\nBl\x07ue", "Line 2: a company's name has .* all printable"),
        (b"name\n\xff\xff\xff", "no text in UTF-8, GBK or UTF-16"),
        (b"\xff\xfen\x00\x00", "no text in UTF-8, GBK or UTF-16"),
        (b'name\n"Blue', "Line 2: this is no CSV, perhaps a quote is missing"),
    ],
)
def test_a_file_that_cannot_be_taken_is_one_clear_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(PersonError, match=sentence) as error:
        read_customers(raw)
    assert not re.search(r"[\u4e00-\u9fff]", error.value.text)
    assert not re.search(r"[a-z]", error.value.text_zh)


def test_without_a_list_nobody_knows_who_is_on_it(engine: Engine) -> None:
    assert customers.listed(engine, "青禾充电") is None


def test_with_a_list_a_company_is_on_it_or_not(engine: Engine) -> None:
    customers.replace_customers(engine, ["青禾充电"], REVIEWER, NOW)
    assert customers.listed(engine, "青禾充电") is True
    assert customers.listed(engine, "蓝桩科技") is False


def test_a_new_list_takes_the_place_of_the_old(engine: Engine) -> None:
    assert customers.replace_customers(engine, ["a", "b"], REVIEWER, NOW) == (2, 0)
    assert customers.replace_customers(engine, ["b", "c", "d", "c"], REVIEWER, NOW) == (2, 1)
    assert customers.customers(engine) == ["b", "c", "d"]
    assert [line.detail for line in audit(engine)] == ["+2 -1 =3", "+2 -0 =2"]


def test_an_empty_list_is_none(engine: Engine) -> None:
    customers.replace_customers(engine, ["a"], REVIEWER, NOW)
    assert customers.replace_customers(engine, [], REVIEWER, NOW) == (0, 1)
    assert customers.listed(engine, "a") is None


def test_a_long_list_is_taken(engine: Engine) -> None:
    names = [f"company {number}" for number in range(5000)]
    assert customers.replace_customers(engine, names, REVIEWER, NOW) == (5000, 0)
    assert customers.replace_customers(engine, [], REVIEWER, NOW) == (0, 5000)
