"""People, a model and its results, as the tests of the desk's store need them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from harness.core.approval import State
from harness.core.outcome import CaseOutcome, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict
from harness.store.desk import accounts, models
from harness.store.desk.values import Actor, Model, ModelData, SubmittedCase

NOW = datetime(2026, 4, 17, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
CODE = "32010600417702"

REVIEWER = Actor(kind="reviewer", id=1, name="review1")
DATA = ModelData(model="QH-DC120-2", kind="dc", power_kw=120, guns=2, program_version="V1.0", card=True)
ESTOP = SubmittedCase(
    case="estop", declared=True, run_id="r1", position=0, verdict=Verdict.PASSED, gun_no="01", version="V1.0"
)
CARD = SubmittedCase(
    case="card", declared=True, run_id="r1", position=1, verdict=Verdict.FAILED, gun_no="01", version="V1.0"
)
VIN = SubmittedCase(
    case="vin", declared=False, run_id="", position=0, verdict=Verdict.NOT_APPLICABLE, gun_no="", version=""
)
CASES = (ESTOP, CARD, VIN)
SENT_BACK = {"card": ("reject", "card number is cut off")}


def enter_registrant(engine: Engine, company: str = "青禾充电", contact: str = "王一") -> Actor:
    """Register somebody and give them as who acts."""
    made = accounts.register(
        engine, company=company, brand="QH", contact=contact, phone="+86 13900000000", code_hash="#", now=NOW
    )
    return Actor(kind="registrant", id=made.id, name=contact)


def enter_model(engine: Engine, by: Actor, data: ModelData = DATA) -> Model:
    """Register a model of somebody's."""
    return models.add_model(engine, by.id, data, by, NOW)


def model_in(engine: Engine, state: State, by: Actor, code: str = CODE) -> Model:
    """A model that was brought to a state, the straight way."""
    made = enter_model(engine, by)
    if state is State.REGISTERED:
        return made
    made = models.approve(engine, made.id, code, REVIEWER, NOW)
    if state is State.TESTING:
        return made
    made = models.submit(engine, made.id, CASES, by, NOW)
    if state is State.DONE:
        return models.accept(engine, made.id, REVIEWER, NOW, {})
    if state is State.REJECTED:
        return models.reject(engine, made.id, REVIEWER, NOW, SENT_BACK)
    return made


def outcome(case: str, verdict: Verdict, key: str, *findings: Finding, ended: datetime = LATER) -> CaseOutcome:
    """How a case that was played came out."""
    return CaseOutcome(
        id=case,
        title_zh=case,
        title_en=case,
        verdict=verdict,
        findings=findings or (Finding(code="energy_ok", verdict=verdict),),
        ended=ended.isoformat(),
        gun_no="01",
        key=key,
    )


def run_outcome(run_id: str, *cases: CaseOutcome) -> RunOutcome:
    """How a run came out."""
    profile = PileProfile(pile_code=CODE, model="QH-DC120-2", kind="dc", power_kw=120, guns=2)
    return RunOutcome(
        pile_code=CODE,
        profile=profile,
        started=NOW.isoformat(),
        ended=LATER.isoformat(),
        cases=cases,
        run_id=run_id,
    )
