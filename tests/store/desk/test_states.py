"""Every state of a model and everything that may be done in it: done with its audit line, or refused and nothing."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from harness.core.approval import NEXT, Action, Refused, State
from harness.core.errors import PersonError
from harness.store.desk import models
from harness.store.desk.audit import history
from harness.store.desk.values import Actor, Model
from tests.store.desk.people import CASES, CODE, DATA, LATER, REVIEWER, SENT_BACK, model_in

Do = Callable[[Engine, int, Actor], Model]

# Playing keeps nothing of the model: whoever starts a run asks the table of states alone.
DOING: dict[Action, Do] = {
    Action.EDIT: lambda engine, number, by: models.edit(engine, number, DATA, by, LATER),
    Action.NUMBERS: lambda engine, number, by: models.set_numbers(engine, number, by, LATER, card_no="32095DF0"),
    Action.APPROVE: lambda engine, number, by: models.approve(engine, number, CODE, REVIEWER, LATER),
    Action.RETURN: lambda engine, number, by: models.give_back(engine, number, "no power", REVIEWER, LATER),
    Action.UPGRADED: lambda engine, number, by: models.set_version(engine, number, "V1.1", "r1", LATER),
    Action.SUBMIT: lambda engine, number, by: models.submit(engine, number, CASES, by, LATER),
    Action.ACCEPT: lambda engine, number, by: models.accept(engine, number, REVIEWER, LATER, {}),
    Action.REJECT: lambda engine, number, by: models.reject(engine, number, REVIEWER, LATER, SENT_BACK),
    Action.AGAIN: lambda engine, number, by: models.again(engine, number, by, LATER),
    Action.DELETE: lambda engine, number, by: models.delete(engine, number, by, LATER),
}
ALL = [(state, action) for state in State for action in DOING]


def test_every_action_but_playing_is_done_here() -> None:
    assert set(Action) - set(DOING) == {Action.PLAY}


@pytest.mark.parametrize(("state", "action"), [pair for pair in ALL if pair in NEXT])
def test_what_is_allowed_is_done_and_audited(engine: Engine, registrant: Actor, state: State, action: Action) -> None:
    made = model_in(engine, state, registrant)
    before = history(engine, made.id)
    changed = DOING[action](engine, made.id, registrant)
    assert changed == models.model(engine, made.id)
    assert changed.state is NEXT[state, action]
    assert changed.version == made.version + 1
    assert changed.changed == LATER
    (line,) = history(engine, made.id)[len(before) :]
    assert (line.action, line.before, line.after, line.at) == (action, state, NEXT[state, action], LATER)


@pytest.mark.parametrize(("state", "action"), [pair for pair in ALL if pair not in NEXT])
def test_what_is_not_allowed_is_refused_and_leaves_nothing(
    engine: Engine, registrant: Actor, state: State, action: Action
) -> None:
    made = model_in(engine, state, registrant)
    before = history(engine, made.id)
    with pytest.raises(Refused):
        DOING[action](engine, made.id, registrant)
    assert models.model(engine, made.id) == made
    assert history(engine, made.id) == before


@pytest.mark.parametrize("action", DOING)
def test_nothing_can_be_done_with_a_deleted_model(engine: Engine, registrant: Actor, action: Action) -> None:
    made = model_in(engine, State.TESTING, registrant)
    deleted = models.delete(engine, made.id, registrant, LATER)
    with pytest.raises(PersonError, match="not there any more"):
        DOING[action](engine, made.id, registrant)
    assert models.model(engine, made.id) == deleted


@pytest.mark.parametrize("action", DOING)
def test_nothing_can_be_done_with_a_model_that_never_was(engine: Engine, registrant: Actor, action: Action) -> None:
    with pytest.raises(PersonError, match="not there any more"):
        DOING[action](engine, 7, registrant)


SEEN: dict[Action, tuple[State, Callable[[Engine, Model, int], Model]]] = {
    Action.APPROVE: (
        State.REGISTERED,
        lambda engine, made, seen: models.approve(engine, made.id, CODE, REVIEWER, LATER, seen),
    ),
    Action.RETURN: (
        State.REGISTERED,
        lambda engine, made, seen: models.give_back(engine, made.id, "why", REVIEWER, LATER, seen),
    ),
    Action.ACCEPT: (
        State.SUBMITTED,
        lambda engine, made, seen: models.accept(engine, made.id, REVIEWER, LATER, {}, version=seen),
    ),
    Action.REJECT: (
        State.SUBMITTED,
        lambda engine, made, seen: models.reject(engine, made.id, REVIEWER, LATER, SENT_BACK, version=seen),
    ),
}


@pytest.mark.parametrize("action", SEEN)
def test_a_decision_on_what_changed_meanwhile_is_told_and_leaves_nothing(
    engine: Engine, registrant: Actor, action: Action
) -> None:
    state, do = SEEN[action]
    made = model_in(engine, state, registrant)
    with pytest.raises(PersonError, match="Somebody changed this model meanwhile") as error:
        do(engine, made, made.version - 1)
    assert not isinstance(error.value, Refused)
    assert models.model(engine, made.id) == made
    assert do(engine, made, made.version).state is NEXT[state, action]


def test_a_change_that_fails_half_way_leaves_nothing(
    engine: Engine, registrant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = model_in(engine, State.REGISTERED, registrant)
    before = history(engine, made.id)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("harness.store.desk.changing.enter", fail)
    with pytest.raises(OSError, match="disk is full"):
        models.approve(engine, made.id, CODE, REVIEWER, LATER)
    assert models.model(engine, made.id) == made
    assert history(engine, made.id) == before


def test_of_decisions_made_at_the_same_time_one_counts(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    together = threading.Barrier(8)
    told: list[str] = []

    def decide(action: Action) -> None:
        together.wait(30)
        try:
            told.append(DOING[action](engine, made.id, registrant).state)
        except Refused:
            told.append("refused")

    threads = [threading.Thread(target=decide, args=(action,)) for action in (Action.ACCEPT, Action.REJECT) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = models.model(engine, made.id)
    assert ended is not None
    assert sorted(told) == sorted([ended.state, *["refused"] * 7])
    assert len([line for line in history(engine, made.id) if line.before == "submitted"]) == 1
