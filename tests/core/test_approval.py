"""The table of states: what leads where, who may do it, and how a refusal reads."""

import pytest

from harness.core.approval import (
    ACTION_NAMES,
    MEANINGS,
    NAMES,
    NEXT,
    PLATFORM,
    REGISTRANT,
    REVIEWER,
    WHO,
    Action,
    Refused,
    State,
    allowed,
    follow,
)

R, T, S, D, X = State.REGISTERED, State.TESTING, State.SUBMITTED, State.DONE, State.REJECTED

# The whole table once more, as the requirement tells it; "-" is refused.
TABLE: dict[Action, tuple[State | None, ...]] = {
    #                  R     T     S     D     X
    Action.EDIT: (R, R, None, R, R),
    Action.NUMBERS: (None, T, None, D, X),
    Action.APPROVE: (T, None, None, None, None),
    Action.RETURN: (R, None, None, None, None),
    Action.PLAY: (None, T, None, None, None),
    Action.UPGRADED: (None, T, None, None, None),
    Action.SUBMIT: (None, S, None, None, None),
    Action.ACCEPT: (None, None, D, None, None),
    Action.REJECT: (None, None, X, None, None),
    Action.AGAIN: (None, None, None, None, T),
    Action.DELETE: (R, T, None, D, X),
}
PLACES = [(state, action, TABLE[action][place]) for action in Action for place, state in enumerate((R, T, S, D, X))]


@pytest.mark.parametrize(("state", "action", "after"), [place for place in PLACES if place[2] is not None])
def test_what_is_allowed_leads_on(state: State, action: Action, after: State) -> None:
    assert follow(state, action) is after


@pytest.mark.parametrize(("state", "action"), [place[:2] for place in PLACES if place[2] is None])
def test_what_is_refused_says_what_and_in_which_state(state: State, action: Action) -> None:
    with pytest.raises(Refused) as error:
        follow(state, action)
    assert NAMES[state][0] in error.value.text_zh
    assert ACTION_NAMES[action][0] in error.value.text_zh
    assert NAMES[state][1] in error.value.text
    assert ACTION_NAMES[action][1] in error.value.text


@pytest.mark.parametrize("who", [REGISTRANT, REVIEWER, PLATFORM])
@pytest.mark.parametrize("state", State)
def test_everybody_is_shown_what_leads_on_and_is_theirs(state: State, who: str) -> None:
    assert allowed(state, who) == {
        action for at, action, after in PLACES if at is state and after and WHO[action] == who
    }


def test_while_results_wait_only_a_reviewer_may_act() -> None:
    assert {action for state, action in NEXT if state is S} == {Action.ACCEPT, Action.REJECT}
    assert allowed(S, REGISTRANT) == frozenset()


@pytest.mark.parametrize("names", [NAMES, MEANINGS, ACTION_NAMES])
def test_everything_has_a_name_in_both_languages(names: dict[State | Action, tuple[str, str]]) -> None:
    assert set(names) in (set(State), set(Action))
    assert all(zh and en and en.isascii() for zh, en in names.values())
