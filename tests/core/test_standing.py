"""Which attempt of a case counts, what is still without a result, and whether the whole may be submitted."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from harness.core.standing import Overall, Shown, Standing, Standings, stand
from harness.core.verdict import Verdict

START = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)


class ACase(msgspec.Struct, frozen=True):
    id: str
    title: tuple[str, str]
    needs: str = "scan"
    suite: str = "main"
    guns: int = 1


class AModel(msgspec.Struct, frozen=True):
    items: frozenset[str] = frozenset({"scan"})
    empty: frozenset[str] = frozenset()
    guns: int = 2

    def declares(self, needs: str) -> bool:
        return needs in self.items

    def waits_for(self, needs: str) -> bool:
        return needs in self.empty


class AnAttempt(msgspec.Struct, frozen=True):
    """Written as "1 FAILED V1.0": gun, verdict, version; its minute is its place in the list."""

    case: str
    gun_no: str
    verdict: Verdict
    version: str
    started: datetime


ESTOP = ACase("estop", ("急停停止", "Emergency stop"))
CARD = ACase("card", ("刷卡充电", "Charging by card"), "card")
VIN = ACase("vin", ("VIN充电", "Charging by VIN"), "vin")
ALL = AModel(frozenset({"scan", "card", "vin"}))


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def played(*said: str, case: str = "estop") -> list[AnAttempt]:
    made = []
    for place, text in enumerate(said):
        gun, verdict, version, *_ = [*text.split(), "V1.0"]
        made.append(AnAttempt(case, f"0{gun}", Verdict[verdict], version, minute(place)))
    return made


def standing(attempts: list[AnAttempt], rejected: float | None = None) -> Standing[AnAttempt]:
    sent_back = {} if rejected is None else {"estop": minute(rejected)}
    return stand([ESTOP], AModel(), attempts, sent_back).cases[0]


@pytest.mark.parametrize(
    ("said", "counts", "shown"),
    [
        ((), None, "none"),
        (("1 PASSED",), 0, "passed"),
        (("1 REMARK",), 0, "remark"),
        (("1 FAILED",), 0, "failed"),
        (("1 BROKEN",), None, "open"),
        (("1 NOT_EARNED",), None, "open"),
        # the last result of a gun counts, not its best
        (("1 FAILED", "1 PASSED"), 1, "passed"),
        (("1 PASSED", "1 FAILED"), 1, "failed"),
        (("1 PASSED", "1 FAILED", "1 REMARK"), 2, "remark"),
        # what is no result takes nothing away
        (("1 PASSED", "1 BROKEN"), 0, "passed"),
        (("1 FAILED", "1 NOT_EARNED"), 0, "failed"),
        (("1 BROKEN", "1 PASSED"), 1, "passed"),
        (("1 PASSED", "1 FAILED", "1 BROKEN"), 1, "failed"),
        # one gun suffices: one that passes goes before one that fails, then the latest
        (("1 PASSED", "2 FAILED"), 0, "passed"),
        (("1 FAILED", "2 PASSED"), 1, "passed"),
        (("1 PASSED", "2 PASSED"), 1, "passed"),
        (("2 PASSED", "1 REMARK"), 1, "remark"),
        (("1 FAILED", "2 FAILED"), 1, "failed"),
        (("1 PASSED", "2 FAILED", "1 FAILED"), 2, "failed"),
        (("1 PASSED", "2 PASSED", "2 FAILED", "1 BROKEN"), 0, "passed"),
        (("1 PASSED", "2 BROKEN"), 0, "passed"),
        (("1 FAILED", "2 REMARK", "3 FAILED"), 1, "remark"),
    ],
)
def test_one_attempt_counts(said: tuple[str, ...], counts: int | None, shown: str) -> None:
    attempts = played(*said)
    found = standing(attempts)
    assert found.counts == (None if counts is None else attempts[counts])
    assert found.shown == shown
    assert found.attempts == tuple(attempts)


@pytest.mark.parametrize(
    ("said", "left_open"),
    [
        ((), None),
        (("1 PASSED",), None),
        (("1 BROKEN",), 0),
        (("1 BROKEN", "1 NOT_EARNED"), 1),
        (("1 PASSED", "1 BROKEN"), 1),
        (("1 BROKEN", "1 FAILED"), None),
        (("1 BROKEN", "2 PASSED"), None),
    ],
)
def test_a_last_attempt_without_a_result_is_told(said: tuple[str, ...], left_open: int | None) -> None:
    attempts = played(*said)
    assert standing(attempts).open == (None if left_open is None else attempts[left_open])


def test_the_last_result_of_each_gun_is_told() -> None:
    attempts = played("1 FAILED", "2 PASSED", "1 REMARK", "2 BROKEN", "3 BROKEN")
    assert standing(attempts).guns == {"01": attempts[2], "02": attempts[1]}


@pytest.mark.parametrize(
    ("said", "rejected", "counts", "shown", "sent_back"),
    [
        # begun before the rejection: counts no more
        (("1 PASSED",), 0.5, None, "none", True),
        (("1 PASSED", "2 FAILED", "1 BROKEN"), 2.5, None, "none", True),
        # begun after it: counts
        (("1 FAILED", "1 PASSED"), 0.5, 1, "passed", False),
        (("1 FAILED", "1 FAILED"), 0.5, 1, "failed", False),
        (("1 PASSED", "1 FAILED"), 0.5, 1, "failed", False),
        # a gun that passed before it does not help
        (("1 PASSED", "2 FAILED"), 0.5, 1, "failed", False),
        # tried again without a result
        (("1 FAILED", "1 BROKEN"), 0.5, None, "open", True),
    ],
)
def test_what_was_begun_before_a_rejection_counts_no_more(
    said: tuple[str, ...], rejected: float, counts: int | None, shown: str, sent_back: bool
) -> None:
    attempts = played(*said)
    found = standing(attempts, rejected)
    assert found.counts == (None if counts is None else attempts[counts])
    assert (found.shown, found.sent_back) == (shown, sent_back)
    assert found.attempts == tuple(attempts)


def test_a_rejection_leaves_the_other_cases_alone() -> None:
    attempts = [*played("1 PASSED"), *played("1 PASSED", case="card")]
    found = stand([ESTOP, CARD], ALL, attempts, {"card": minute(9)})
    assert [each.shown for each in found.cases] == [Shown.PASSED, Shown.NONE]


def test_attempts_belong_to_their_own_case() -> None:
    found = stand([ESTOP, CARD], ALL, [*played("1 FAILED"), *played("2 PASSED", case="card")])
    assert [each.shown for each in found.cases] == [Shown.FAILED, Shown.PASSED]
    assert found.of("card").counts == played("2 PASSED", case="card")[0]


def test_a_case_that_is_not_declared_does_not_count_whatever_was_played() -> None:
    (found,) = stand([CARD], AModel(), played("1 PASSED", case="card")).cases
    assert (found.declared, found.shown, found.counts) == (False, Shown.NOT_DECLARED, None)
    assert len(found.attempts) == 1


# versions


def overall(*said: str) -> Overall:
    return stand([ESTOP, CARD], ALL, [*played(said[0]), *played(*said[1:], case="card")]).overall


def test_results_of_one_version_are_not_mixed() -> None:
    found = overall("1 PASSED V1.0", "1 FAILED V1.0")
    assert (found.versions, found.mixed) == (("V1.0",), False)


def test_an_upgrade_between_results_mixes_versions() -> None:
    found = overall("1 PASSED V1.0", "1 PASSED V1.1")
    assert (found.versions, found.mixed) == (("V1.0", "V1.1"), True)


def test_a_retry_after_the_upgrade_mends_the_mix() -> None:
    attempts = [*played("1 PASSED V1.0", "1 PASSED V1.1"), *played("1 PASSED V1.1", case="card")]
    assert stand([ESTOP, CARD], ALL, attempts).overall.versions == ("V1.1",)


def test_only_attempts_that_count_mix_versions() -> None:
    found = overall("1 PASSED V1.1", "1 FAILED V1.0", "2 PASSED V1.1", "1 BROKEN V1.2")
    assert found.versions == ("V1.1",)


# the whole


def test_the_cases_are_counted_by_how_they_stand() -> None:
    ids = ("a", "b", "c", "d", "e", "f")
    cases = [ACase(name, (name, name), "vin" if name == "f" else "scan") for name in ids]
    verdicts = dict(zip(ids, ("PASSED", "REMARK", "FAILED", "BROKEN"), strict=False))
    attempts = [attempt for name, verdict in verdicts.items() for attempt in played(f"1 {verdict}", case=name)]
    assert stand(cases, AModel(), attempts).overall == Overall(
        declared=5, passed=2, remarks=1, failed=1, open=1, none=1, versions=("V1.0",)
    )


def submitting(model: AModel, *attempts: AnAttempt, rejected: float | None = None) -> Standings[AnAttempt]:
    sent_back = {} if rejected is None else {"card": minute(rejected)}
    return stand([ESTOP, CARD, VIN], model, attempts, sent_back)


def test_all_declared_cases_with_a_result_may_be_submitted_also_when_one_failed() -> None:
    model = AModel(frozenset({"scan", "card"}))
    found = submitting(model, *played("1 PASSED"), *played("1 FAILED", "1 BROKEN", case="card"))
    assert not found.reasons
    assert found.reasons == ()


@pytest.mark.parametrize("said", [(), ("1 BROKEN",), ("1 NOT_EARNED",)])
def test_a_case_without_a_result_is_named(said: tuple[str, ...]) -> None:
    found = submitting(AModel(), *played(*said))
    assert found.reasons
    assert found.reasons == (
        ("急停停止还没有结果，现在不能提交审核。", "Emergency stop has no result yet, so this cannot be submitted."),
    )


def test_a_case_that_waits_for_its_number_says_so() -> None:
    found = submitting(AModel(ALL.items, frozenset({"card", "vin"})), *played("1 PASSED"))
    assert [each.waits for each in found.cases] == [False, True, True]
    assert found.reasons == (
        (
            "刷卡充电的卡号还没有填，现在不能提交审核。",
            "Charging by card waits for its card number, so this cannot be submitted.",
        ),
        (
            "VIN充电的 VIN 还没有填，现在不能提交审核。",
            "Charging by VIN waits for its VIN, so this cannot be submitted.",
        ),
    )


def test_a_case_that_was_sent_back_and_not_tested_again_says_so() -> None:
    attempts = [*played("1 PASSED"), *played("1 PASSED", case="card"), *played("1 PASSED", case="vin")]
    assert not submitting(ALL, *attempts).reasons
    found = submitting(ALL, *attempts, rejected=9)
    assert found.reasons == (
        (
            "刷卡充电被退回后还没有重测，现在不能提交审核。",
            "Charging by card was sent back and not tested again yet, so this cannot be submitted.",
        ),
    )


def test_a_number_that_was_taken_away_again_takes_no_result_away() -> None:
    model = AModel(frozenset({"scan", "card"}), frozenset({"card"}))
    assert not submitting(model, *played("1 PASSED"), *played("1 PASSED", case="card")).reasons


TWO_GUNS = ACase("two_guns_stop", ("两枪同充", "Two guns"), suite="guns", guns=2)


def both(attempts: list[AnAttempt], guns: int = 2) -> Standings[AnAttempt]:
    return stand([ESTOP, TWO_GUNS], AModel(guns=guns), attempts)


def test_nothing_waits_for_a_case_of_another_suite() -> None:
    standings = both(played("1 PASSED"))
    assert not standings.reasons
    assert standings.of("two_guns_stop").optional
    assert standings.of("two_guns_stop").shown is Shown.NONE
    assert (standings.overall.declared, standings.overall.none) == (1, 0)


def test_a_case_of_another_suite_that_was_played_counts_like_any_and_keeps_nobody_from_submitting() -> None:
    standings = both([*played("1 PASSED"), *played("1 FAILED", case="two_guns_stop")])
    assert standings.of("two_guns_stop").shown is Shown.FAILED
    assert not standings.reasons
    assert standings.overall.failed == 0


def test_a_case_for_two_guns_is_not_there_for_a_pile_with_one() -> None:
    assert [each.case for each in both([], guns=1).cases] == ["estop"]
    needed = ACase("needed", ("两枪", "Two"), guns=2)
    assert not stand([needed], AModel(guns=1), []).cases[0].declared
