"""A mistake on the command line is told whole in Chinese, then whole in English."""

import re

import pytest

from harness.cli import main

RUN = ("run", "--pile", "x.yaml", "--target", "sim")


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        ((*RUN, "--speed", "0"), "--speed 应为 0.1 到 1000 的数，不是 '0'", "--speed takes a number from 0.1 to"),
        ((*RUN, "--seed", "-5x"), "--seed 后面缺少值；以 - 开头的值写成 --seed=值", "--seed lacks its value; one that"),
        ((*RUN, "--wait", "long"), "--wait 应为数字，不是 'long'", "--wait takes a number, not 'long'"),
        ((*RUN, "--s", "1"), "--s 不明确，可能是 --speed, --seed, --strict, --sarif", "--s may mean --speed, --seed"),
        ((*RUN, "--strict=3"), "--strict 后面不跟值，多了 '3'", "--strict takes no value, not '3'"),
        ((*RUN, "--nonsense"), "不认识 --nonsense", "unknown: --nonsense"),
        (("run",), "缺少 --pile, --target", "missing: --pile, --target"),
        (("demo", "--port", "abc"), "--port 应为整数，不是 'abc'", "--port takes a whole number, not 'abc'"),
        (("audit", "--json", "--sarif", "x"), "--sarif 不能和 --json 一起用", "--sarif does not go with --json"),
        (("user", "add", "a", "--role", "x"), "--role 没有 'x'，可用：reviewer, admin", "it takes reviewer, admin"),
        (("selftest", "--jobs", "0"), "--jobs 应为 1 以上的整数，不是 '0'", "--jobs takes a whole number from 1 on"),
    ],
)  # fmt: skip
def test_it_is_two_sentences_that_hold_no_words_of_each_other(
    arguments: tuple[str, ...], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    chinese, english = capsys.readouterr().err.splitlines()
    assert zh in chinese
    assert en in english
    assert not re.search("[\u4e00-\u9fff]", english)
    assert not re.search(r"\b(takes|number|invalid|expected|argument|not|is)\b", chinese)


def test_a_frame_that_is_not_there_is_told_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frames", "nosuch"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "没有名为 'nosuch' 的帧；`harness frames` 列出全部",
        "there is no frame named 'nosuch'; `harness frames` lists them",
    ]
    assert main(["frames", "heartbeet"]) == 2
    assert "；是 heartbeat 吗" in capsys.readouterr().err
