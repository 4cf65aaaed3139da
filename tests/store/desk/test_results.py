"""What was played for a model, read back from what the recorder and the desk wrote; how the model stands by it."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Engine

from harness.core.approval import State
from harness.core.clock import ManualClock
from harness.core.errors import PersonError
from harness.core.journal import Journal
from harness.core.standing import Shown
from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, results
from harness.store.desk.values import Actor, Attempt, Model
from harness.store.ownership import mark_broken
from harness.store.recorder import Recorder
from tests.store.desk.people import DATA, LATER, NOW, REVIEWER, model_in, outcome, run_outcome

OpenJournal = Callable[..., Journal]


class ACase(msgspec.Struct, frozen=True):
    id: str
    title: tuple[str, str]
    needs: str
    suite: str = "main"
    guns: int = 1


CASES = (ACase("estop", ("急停停止", "Emergency stop"), "scan"), ACase("vin", ("VIN充电", "Charging by VIN"), "vin"))


@pytest.fixture
def model(engine: Engine, registrant: Actor) -> Model:
    return model_in(engine, State.TESTING, registrant)


class Player:
    """Plays cases for a model: one run each."""

    def __init__(self, engine: Engine, recorder: Recorder, clock: ManualClock, open_journal: OpenJournal) -> None:
        self._engine = engine
        self._recorder = recorder
        self._clock = clock
        self._open = open_journal
        self._runs = 0

    def play(
        self, model: Model, verdict: Verdict, *findings: Finding, gun_no: str = "01", version: str = "V1.0"
    ) -> str:
        """One case of a run of its own; gives the run's id."""
        self._runs += 1
        self._clock.advance(60)
        run = f"r{self._runs}"
        self._open(f"{run}/1-estop", self._recorder, run_id=run)
        self.keep(model, run, gun_no, version)
        case = outcome("estop", verdict, f"{run}/1-estop", *findings, ended=self._clock.wall())
        self._recorder.keep_case(run, 0, case)
        self._recorder.flush()
        return run

    def keep(self, model: Model, run: str, gun_no: str = "01", version: str = "V1.0") -> None:
        """Say that the run is the model's."""
        results.keep_attempt(
            self._engine,
            run_id=run,
            position=0,
            model_id=model.id,
            case="estop",
            gun_no=gun_no,
            version=version,
            by="王一",
        )


@pytest.fixture
def player(engine: Engine, recorder: Recorder, clock: ManualClock, open_journal: OpenJournal) -> Player:
    return Player(engine, recorder, clock, open_journal)


def test_an_attempt_has_what_the_recorder_and_the_desk_know_of_it(engine: Engine, player: Player, model: Model) -> None:
    player.play(model, Verdict.PASSED, gun_no="02", version="V1.1")
    (attempt,) = results.attempts(engine, model.id)
    profile = attempt.profile
    assert attempt == Attempt(
        run_id="r1",
        position=0,
        model_id=model.id,
        case="estop",
        gun_no="02",
        verdict=Verdict.PASSED,
        key="r1/1-estop",
        started=NOW + timedelta(seconds=60),
        ended=NOW + timedelta(seconds=60),
        version="V1.1",
        profile=profile,
        by="王一",
        sentence=None,
    )
    assert profile.pile_code == "32010600417702"


def test_the_sentence_of_an_attempt_is_its_gravest_finding(engine: Engine, player: Player, model: Model) -> None:
    findings = (
        Finding(code="unknown_frame", verdict=Verdict.REMARK),
        Finding(code="aborted", verdict=Verdict.BROKEN, params={"why": ("人工停止", "stopped by hand")}),
    )
    player.play(model, Verdict.BROKEN, *findings)
    (attempt,) = results.attempts(engine, model.id)
    assert attempt.sentence is not None
    assert "人工停止" in attempt.sentence[0]
    assert "stopped by hand" in attempt.sentence[1]


def test_a_finding_whose_sentence_is_gone_shows_its_code(engine: Engine, player: Player, model: Model) -> None:
    player.play(model, Verdict.FAILED, Finding(code="of_old", verdict=Verdict.FAILED))
    assert results.attempts(engine, model.id)[0].sentence == ("of_old", "of_old")


def test_attempts_come_oldest_first_and_of_the_own_model_only(
    engine: Engine, player: Player, model: Model, registrant: Actor
) -> None:
    other = model_in(engine, State.TESTING, registrant, "32010600417710")
    for each in (model, other, model):
        player.play(each, Verdict.PASSED)
    assert [attempt.run_id for attempt in results.attempts(engine, model.id)] == ["r1", "r3"]


def test_an_attempt_that_still_goes_on_is_not_there_yet(
    engine: Engine, player: Player, model: Model, recorder: Recorder, open_journal: OpenJournal
) -> None:
    player.keep(model, "r1")
    assert results.attempts(engine, model.id) == []
    open_journal("r1/1-estop", recorder)
    recorder.flush()
    assert results.attempts(engine, model.id) == []


def test_an_attempt_may_be_told_after_the_recorder_wrote_it(
    engine: Engine, player: Player, model: Model, recorder: Recorder, open_journal: OpenJournal
) -> None:
    open_journal("r1/1-estop", recorder)
    recorder.end_run(run_outcome("r1", outcome("estop", Verdict.PASSED, "r1/1-estop")))
    recorder.flush()
    player.keep(model, "r1")
    player.keep(model, "r1")
    assert [(each.run_id, each.ended) for each in results.attempts(engine, model.id)] == [("r1", LATER)]


@pytest.mark.parametrize(("verdict", "key"), [(Verdict.NOT_APPLICABLE, ""), (Verdict.NOT_EARNED, "")])
def test_a_case_that_was_never_played_is_no_attempt(
    engine: Engine, player: Player, model: Model, recorder: Recorder, verdict: Verdict, key: str
) -> None:
    player.keep(model, "r1")
    recorder.end_run(run_outcome("r1", outcome("estop", verdict, key)))
    recorder.flush()
    assert results.attempts(engine, model.id) == []


def test_an_attempt_whose_process_died_is_there_without_a_result(
    engine: Engine, player: Player, model: Model, open_journal: OpenJournal
) -> None:
    recorder = Recorder(engine, "p0")
    open_journal("r1/1-estop", recorder)
    recorder.close()
    player.keep(model, "r1")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO processes (id, started) VALUES ('p0', 5)")
    mark_broken(engine, LATER)
    (attempt,) = results.attempts(engine, model.id)
    assert (attempt.verdict, attempt.started, attempt.ended) == (Verdict.BROKEN, NOW, LATER)


def test_a_case_is_read_back_whole(engine: Engine, player: Player, model: Model) -> None:
    finding = Finding(code="of_old", verdict=Verdict.FAILED, frames=(3, 4))
    player.play(model, Verdict.FAILED, finding)
    found = results.case_outcome(engine, "r1", 0)
    assert found is not None
    assert (found.verdict, found.findings) == (Verdict.FAILED, (finding,))
    assert results.case_outcome(engine, "r1", 1) is None


def test_a_model_without_a_submission_has_none(engine: Engine, model: Model) -> None:
    assert results.submission(engine, model.id) is None


def test_a_model_stands_by_what_was_played(engine: Engine, player: Player, model: Model) -> None:
    player.play(model, Verdict.FAILED)
    player.play(model, Verdict.PASSED)
    found = results.standings(engine, model, CASES)
    assert [each.shown for each in found.cases] == [Shown.PASSED, Shown.NOT_DECLARED]
    assert not found.reasons


def test_what_is_submitted_is_what_counts(engine: Engine, player: Player, model: Model) -> None:
    player.play(model, Verdict.PASSED, gun_no="02", version="V1.1")
    estop, vin = results.to_submit(results.standings(engine, model, CASES))
    assert (estop.declared, estop.run_id, estop.verdict, estop.gun_no, estop.version) == (
        True,
        "r1",
        Verdict.PASSED,
        "02",
        "V1.1",
    )
    assert (vin.declared, vin.run_id, vin.verdict) == (False, "", Verdict.NOT_APPLICABLE)


def test_without_all_results_nothing_is_submitted(engine: Engine, model: Model) -> None:
    with pytest.raises(PersonError, match="Emergency stop has no result yet") as error:
        results.to_submit(results.standings(engine, model, CASES))
    assert error.value.text_zh == "急停停止还没有结果，现在不能提交审核。"


def test_results_sent_back_stand_until_testing_goes_on_and_then_count_no_more(
    engine: Engine, player: Player, model: Model, registrant: Actor, clock: ManualClock
) -> None:
    def shown(model: Model) -> list[Shown]:
        return [each.shown for each in results.standings(engine, model, CASES).cases]

    player.play(model, Verdict.PASSED)
    models.submit(engine, model.id, results.to_submit(results.standings(engine, model, CASES)), registrant, NOW)
    clock.advance(60)
    rejected = models.reject(engine, model.id, REVIEWER, clock.wall(), {"estop": ("reject", "no frame shows it")})
    assert shown(rejected) == [Shown.PASSED, Shown.NOT_DECLARED]
    again = models.again(engine, model.id, registrant, clock.wall())
    assert shown(again) == [Shown.NONE, Shown.NOT_DECLARED]
    assert results.standings(engine, again, CASES).of("estop").sent_back
    player.play(again, Verdict.FAILED)
    assert shown(again) == [Shown.FAILED, Shown.NOT_DECLARED]


def test_an_edit_after_a_rejection_does_not_bring_rejected_results_back(
    engine: Engine, player: Player, model: Model, registrant: Actor, clock: ManualClock
) -> None:
    player.play(model, Verdict.PASSED)
    models.submit(engine, model.id, results.to_submit(results.standings(engine, model, CASES)), registrant, NOW)
    clock.advance(60)
    models.reject(engine, model.id, REVIEWER, clock.wall(), {"estop": ("reject", "why")})
    edited = models.edit(engine, model.id, msgspec.structs.replace(DATA, guns=4), registrant, clock.wall())
    assert results.standings(engine, edited, CASES).of("estop").shown is Shown.NONE


def test_what_was_accepted_in_a_rejected_submission_keeps_counting(
    engine: Engine, player: Player, model: Model, registrant: Actor, clock: ManualClock
) -> None:
    player.play(model, Verdict.PASSED)
    frozen = results.to_submit(results.standings(engine, model, CASES))
    card = msgspec.structs.replace(frozen[1], declared=True)
    models.submit(engine, model.id, (frozen[0], card), registrant, NOW)
    models.reject(engine, model.id, REVIEWER, clock.wall(), {"vin": ("reject", "why")})
    again = models.again(engine, model.id, registrant, clock.wall())
    assert results.standings(engine, again, CASES).of("estop").shown is Shown.PASSED
