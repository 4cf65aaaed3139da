"""What is kept of models beside their states: data, pile codes, queues, submissions with their decisions."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from harness.core.approval import State
from harness.core.errors import PersonError
from harness.core.pile import Items
from harness.store.desk import models, results
from harness.store.desk.audit import history
from harness.store.desk.tables import ModelRow
from harness.store.desk.values import Actor, ModelData
from tests.store.desk.people import (
    CASES,
    CODE,
    DATA,
    ESTOP,
    LATER,
    NOW,
    REVIEWER,
    SENT_BACK,
    enter_model,
    enter_registrant,
    model_in,
)

OTHER_CODE = "32010600417710"


def last_line(engine: Engine, model_id: int) -> tuple[str, str]:
    line = history(engine, model_id)[-1]
    return line.why, line.detail


# data


def test_a_new_model_waits_for_the_platform(engine: Engine, registrant: Actor) -> None:
    made = enter_model(engine, registrant)
    assert made == models.model(engine, made.id)
    assert (made.state, made.waiting_since, made.version) == (State.REGISTERED, NOW, 1)
    assert (made.data, made.pile_code, made.company, made.contact) == (DATA, "", "青禾充电", "王一")


def test_a_model_that_never_was_is_none(engine: Engine) -> None:
    assert models.model(engine, 7) is None


def test_the_profile_holds_the_numbers_of_declared_items_only() -> None:
    data = ModelData(
        model="M", kind="dc", power_kw=60, guns=1, card=True, card_no="32095DF0", vin_no="LNA001PD800186429", qr=True
    )
    assert data.profile(CODE).items == Items(card="32095DF0", qr=True)


@pytest.mark.parametrize(
    ("data", "needs", "declares", "waits"),
    [
        ({}, "scan", True, False),
        ({}, "card", False, False),
        ({"card": True}, "card", True, True),
        ({"card": True, "card_no": "32095DF0"}, "card", True, False),
        ({"card_no": "32095DF0"}, "card", False, False),
        ({"vin": True}, "vin", True, True),
        ({"vin": True, "vin_no": "LNA001PD800186429"}, "vin", True, False),
        ({"reboot": True}, "reboot", True, False),
        ({"upgrade": True}, "upgrade", True, False),
        ({"qr": True}, "qr", True, False),
        ({"qr": True, "qr_dialect": "none"}, "qr", False, False),
        ({}, "lock", False, False),
        ({}, "model", False, False),
    ],
)
def test_an_item_is_declared_or_waits_for_its_number(
    data: dict[str, object], needs: str, declares: bool, waits: bool
) -> None:
    made = msgspec.structs.replace(ModelData(model="M", kind="dc", power_kw=60, guns=1), **data)
    assert (made.declares(needs), made.waits_for(needs)) == (declares, waits)


def test_an_edit_says_what_changed_and_waits_again(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    data = msgspec.structs.replace(DATA, model="QH-DC180-2", power_kw=180)
    changed = models.edit(engine, made.id, data, registrant, LATER, made.version)
    assert (changed.data, changed.state, changed.waiting_since) == (data, State.REGISTERED, LATER)
    assert changed.pile_code == CODE
    assert last_line(engine, made.id) == ("", "model: QH-DC120-2 → QH-DC180-2\npower_kw: 120 → 180")


def test_an_edit_of_what_somebody_changed_meanwhile_is_told(engine: Engine, registrant: Actor) -> None:
    made = enter_model(engine, registrant)
    other = models.edit(engine, made.id, msgspec.structs.replace(DATA, guns=4), registrant, LATER, made.version)
    with pytest.raises(PersonError, match="Somebody changed this model meanwhile") as error:
        models.edit(engine, made.id, DATA, registrant, LATER, made.version)
    assert "刚被别人改过" in error.value.text_zh
    assert models.model(engine, made.id) == other


def test_numbers_are_given_one_by_one_without_a_new_approval(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    models.set_numbers(engine, made.id, registrant, LATER, card_no="32095DF0")
    changed = models.set_numbers(engine, made.id, registrant, LATER, vin_no="LNA001PD800186429")
    assert (changed.data.card_no, changed.data.vin_no) == ("32095DF0", "LNA001PD800186429")
    assert changed.state is State.TESTING
    assert last_line(engine, made.id) == ("", "vin_no:  → LNA001PD800186429")


def test_an_upgrade_changes_the_version_and_leaves_its_run_in_the_history(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    assert models.set_version(engine, made.id, "V1.1", "r7", LATER).data.program_version == "V1.1"
    line = history(engine, made.id)[-1]
    assert (line.actor.kind, line.detail) == ("platform", "program_version: V1.0 → V1.1\nrun: r7")


# the registration


def test_an_approved_model_has_its_pile_code_and_waits_no_more(engine: Engine, registrant: Actor) -> None:
    made = models.approve(engine, enter_model(engine, registrant).id, CODE, REVIEWER, LATER)
    assert (made.pile_code, made.state, made.waiting_since) == (CODE, State.TESTING, None)
    assert models.approved(engine) == [made]
    assert models.of_pile(engine, made.pile_code) == made
    assert made.profile() == DATA.profile(CODE)


def test_a_pile_code_belongs_to_one_model(engine: Engine, registrant: Actor) -> None:
    model_in(engine, State.TESTING, registrant)
    other = enter_model(engine, enter_registrant(engine, "蓝桩科技"))
    with pytest.raises(PersonError, match=f"{CODE} belongs to model 'QH-DC120-2'") as error:
        models.approve(engine, other.id, CODE, REVIEWER, LATER)
    assert "青禾" not in error.value.text + error.value.text_zh
    assert models.model(engine, other.id) == other


def test_without_a_pile_code_nothing_is_approved(engine: Engine, registrant: Actor) -> None:
    with pytest.raises(PersonError, match="Give a pile code"):
        models.approve(engine, enter_model(engine, registrant).id, "", REVIEWER, LATER)


def test_a_model_may_be_approved_again_under_its_own_code(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    models.edit(engine, made.id, DATA, registrant, LATER)
    assert models.approve(engine, made.id, CODE, REVIEWER, LATER).pile_code == CODE


def test_a_code_that_is_given_up_before_anything_was_submitted_is_free(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    assert models.delete(engine, made.id, registrant, LATER).pile_code == ""
    assert model_in(engine, State.TESTING, registrant).pile_code == CODE


@pytest.mark.parametrize("state", [State.DONE, State.REJECTED])
def test_a_code_under_which_results_were_submitted_stays_taken(engine: Engine, registrant: Actor, state: State) -> None:
    made = model_in(engine, state, registrant)
    assert models.delete(engine, made.id, registrant, LATER).pile_code == CODE
    with pytest.raises(PersonError, match="belongs to model"):
        model_in(engine, State.TESTING, registrant)


def test_a_code_stays_taken_when_its_model_got_another_after_submitting(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.DONE, registrant)
    models.edit(engine, made.id, DATA, registrant, LATER)
    assert models.approve(engine, made.id, OTHER_CODE, REVIEWER, LATER).pile_code == OTHER_CODE
    with pytest.raises(PersonError, match=f"{CODE} belongs to model"):
        model_in(engine, State.TESTING, registrant)
    assert models.free_pile_code(engine) not in (CODE, OTHER_CODE)


def test_free_pile_codes_are_14_digits_and_the_first_that_nobody_has(engine: Engine, registrant: Actor) -> None:
    first = models.free_pile_code(engine)
    assert first == "32010600000001"
    model_in(engine, State.TESTING, registrant, first)
    assert models.free_pile_code(engine) == "32010600000002"
    assert models.free_pile_code(engine, {"32010600000002"}) == "32010600000003"


def test_a_registration_that_is_sent_back_carries_the_reason_until_it_is_edited(
    engine: Engine, registrant: Actor
) -> None:
    made = enter_model(engine, registrant)
    back = models.give_back(engine, made.id, "power is missing", REVIEWER, LATER)
    assert (back.state, back.returned, back.waiting_since) == (State.REGISTERED, "power is missing", None)
    assert last_line(engine, made.id) == ("power is missing", "")
    again = models.edit(engine, made.id, DATA, registrant, LATER)
    assert (again.returned, again.waiting_since) == ("", LATER)


def test_a_registration_is_sent_back_with_a_reason_only(engine: Engine, registrant: Actor) -> None:
    made = enter_model(engine, registrant)
    with pytest.raises(PersonError, match="Write why"):
        models.give_back(engine, made.id, " ", REVIEWER, LATER)


# results


def test_what_was_submitted_is_frozen_as_it_was(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    assert made.waiting_since == NOW
    submission = results.submission(engine, made.id)
    assert submission is not None
    assert (submission.cases, submission.at, submission.by) == (CASES, NOW, registrant)
    assert (submission.decided_at, submission.decided_by, submission.accepted) == (None, None, None)


def test_nothing_declared_is_nothing_to_submit(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.TESTING, registrant)
    with pytest.raises(PersonError, match="no result to submit"):
        models.submit(engine, made.id, CASES[2:], registrant, LATER)
    assert results.submission(engine, made.id) is None


def test_an_approval_votes_for_every_declared_case(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    models.accept(engine, made.id, REVIEWER, LATER, {"estop": ("accept", "fine")}, "well done")
    submission = results.submission(engine, made.id)
    assert submission is not None
    assert (submission.accepted, submission.decided_at, submission.decided_by) == (True, LATER, REVIEWER)
    assert submission.reason == "well done"
    assert [(case.vote, case.reason) for case in submission.cases] == [("accept", "fine"), ("accept", ""), ("", "")]
    assert last_line(engine, made.id) == ("well done", "")


def test_a_rejection_keeps_the_reason_of_each_case(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    votes = {"estop": ("accept", ""), **SENT_BACK}
    rejected = models.reject(engine, made.id, REVIEWER, LATER, votes, "one case to mend")
    submission = results.submission(engine, made.id)
    assert submission is not None
    assert (submission.accepted, rejected.waiting_since) == (False, None)
    assert [case.vote for case in submission.cases] == ["accept", "reject", ""]
    assert submission.cases[1].reason == "card number is cut off"
    assert last_line(engine, made.id) == ("one case to mend\ncard: card number is cut off", "")


@pytest.mark.parametrize(
    ("votes", "sentence"),
    [
        ({}, "at least one case"),
        ({"estop": ("accept", "")}, "at least one case"),
        ({"card": ("reject", " ")}, "reason for each case"),
        ({"vin": ("reject", "not declared")}, "no result of vin"),
        ({"lock": ("reject", "no such case")}, "no result of lock"),
        ({"card": ("perhaps", "so")}, "accept or reject"),
    ],
)
def test_a_rejection_needs_cases_that_were_submitted_and_reasons(
    engine: Engine, registrant: Actor, votes: dict[str, tuple[str, str]], sentence: str
) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    with pytest.raises(PersonError, match=sentence):
        models.reject(engine, made.id, REVIEWER, LATER, votes)
    assert models.model(engine, made.id) == made


def test_results_with_a_rejected_case_are_not_approved(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.SUBMITTED, registrant)
    with pytest.raises(PersonError, match="cannot be approved"):
        models.accept(engine, made.id, REVIEWER, LATER, SENT_BACK)
    assert models.model(engine, made.id) == made


def test_a_second_submission_leaves_the_first_as_it_was_decided(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.REJECTED, registrant)
    first = results.submissions(engine, made.id)
    models.again(engine, made.id, registrant, LATER)
    models.submit(engine, made.id, (ESTOP,), registrant, LATER)
    models.accept(engine, made.id, REVIEWER, LATER, {})
    both = results.submissions(engine, made.id)
    assert both[:1] == first
    assert [each.accepted for each in both] == [False, True]
    assert results.submission(engine, made.id) == both[-1]


# lists


def test_a_registrant_sees_the_own_models_only_and_no_deleted_ones(engine: Engine, registrant: Actor) -> None:
    other = enter_registrant(engine, "蓝桩科技")
    first, second, strange = (enter_model(engine, by) for by in (registrant, registrant, other))
    models.delete(engine, first.id, registrant, LATER)
    assert models.models_of(engine, registrant.id) == [second]
    assert models.models_of(engine, other.id) == [strange]


def test_a_deleted_model_is_hidden_and_still_there(engine: Engine, registrant: Actor) -> None:
    made = model_in(engine, State.DONE, registrant)
    models.delete(engine, made.id, registrant, LATER)
    kept = models.model(engine, made.id)
    assert kept is not None
    assert kept.deleted
    assert models.approved(engine) == []
    assert models.of_pile(engine, CODE) is None
    assert results.submission(engine, made.id) is not None


def test_the_queue_is_oldest_first_without_what_was_sent_back(engine: Engine, registrant: Actor) -> None:
    late, early, back = (
        models.add_model(engine, registrant.id, DATA, registrant, NOW + timedelta(seconds=wait)) for wait in (9, 2, 1)
    )
    models.give_back(engine, back.id, "why", REVIEWER, LATER)
    submitted = model_in(engine, State.SUBMITTED, registrant)
    queue = models.queue(engine)
    assert queue.registrations == [early, late]
    assert queue.results == [submitted]


@pytest.mark.parametrize("text", ["青禾", "qh-dc", "4177", " QH-DC120 ", ""])
def test_models_are_found_by_parts_of_company_model_or_pile_code(engine: Engine, registrant: Actor, text: str) -> None:
    made = model_in(engine, State.TESTING, registrant)
    assert models.search(engine, text) == [made]


@pytest.mark.parametrize("text", ["蓝桩", "%", "_", "99999"])
def test_what_fits_nothing_finds_nothing(engine: Engine, registrant: Actor, text: str) -> None:
    model_in(engine, State.TESTING, registrant)
    assert models.search(engine, text) == []


def test_a_search_may_be_for_one_state_and_is_cut_off(engine: Engine, registrant: Actor) -> None:
    waiting = [enter_model(engine, registrant) for _ in range(3)]
    testing = model_in(engine, State.TESTING, registrant)
    assert models.search(engine, "", State.TESTING) == [testing]
    assert models.search(engine, "", State.REGISTERED, limit=2) == [waiting[2], waiting[1]]


def test_a_search_finds_deleted_models_only_when_they_were_submitted(engine: Engine, registrant: Actor) -> None:
    done = model_in(engine, State.DONE, registrant)
    forgotten = enter_model(engine, registrant)
    for made in (done, forgotten):
        models.delete(engine, made.id, registrant, LATER)
    assert [found.id for found in models.search(engine, "")] == [done.id]


def test_a_model_that_was_kept_before_there_were_sites_stands_on_a_live_one(engine: Engine, registrant: Actor) -> None:
    made = models.add_model(engine, registrant.id, DATA, registrant, NOW)
    with Session(engine) as session, session.begin():
        row = session.get_one(ModelRow, made.id)
        row.body = row.body.replace(',"site":"live"', "")
        assert "site" not in row.body
    kept = models.model(engine, made.id)
    assert kept is not None
    assert kept.data.site == "live"
    assert kept.data.profile(CODE).site == "live"
