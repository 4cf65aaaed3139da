"""Cases that were played for a model, written into the store as a run writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from flask.testing import FlaskClient

from harness.core.approval import State
from harness.core.auditing import Audit
from harness.core.journal import PILE, AnyEvent, Closed, Journal, Opened
from harness.core.outcome import CaseOutcome, ChargeCurve, RunOutcome
from harness.core.pile import PileProfile
from harness.core.verdict import Finding, Verdict
from harness.store.desk import models, results
from harness.store.desk.values import Actor, Model
from harness.store.recorder import Recorder
from tests.web.conftest import CASES, DATA, Desk

WRONG_CARD = Finding(
    code="card_wrong", verdict=Verdict.FAILED, check="card", frames=(2, 5), params={"got": "00", "wanted": "32095DF0"}
)
SCAN_ONLY = msgspec.structs.replace(DATA, card=False, vin=False, reboot=False, upgrade=False, qr=False)
SCANS = ("single_tariff", "cross_tariff", "estop")  # the cases of a model that declares nothing else
TOOK = 60.0  # seconds of each case
HEARTBEAT = bytes.fromhex("680d0001000332010600417702010037fa")


class Play(NamedTuple):
    """One case of a run."""

    case: str
    verdict: Verdict = Verdict.PASSED
    findings: Sequence[Finding] = ()
    charge: ChargeCurve | None = None
    events: Sequence[AnyEvent] = ()
    audit: Audit | None = None


def play(desk: Desk, model: Model, run_id: str, *plays: Play | str, gun: str = "01", version: str = "") -> None:
    """A run of these cases on a gun; a bare name is a case that passed."""
    cases = [Play(each) if isinstance(each, str) else each for each in plays]
    recorder = Recorder(desk.engine, "p1")
    started = desk.clock.wall()
    profile = model.profile()
    outcomes = [_played(desk, recorder, run_id, place, each, gun, profile) for place, each in enumerate(cases)]
    recorder.end_run(
        RunOutcome(
            run_id=run_id,
            pile_code=model.pile_code,
            profile=profile,
            started=started.isoformat(),
            ended=desk.clock.wall().isoformat(),
            cases=tuple(outcomes),
        )
    )
    recorder.close()
    for place, each in enumerate(cases):
        results.keep_attempt(
            desk.engine, run_id=run_id, position=place, model_id=model.id, case=each.case, gun_no=gun,
            version=version or model.data.program_version, by="测试员甲",
        )  # fmt: skip


def submit(desk: Desk, model: Model) -> Model:
    """提交审核 with what counts now."""
    standings = results.standings(desk.engine, model, CASES)
    owner = Actor(kind="registrant", id=model.registrant_id, name=model.contact)
    return models.submit(desk.engine, model.id, results.to_submit(standings), owner, desk.clock.wall())


def _played(
    desk: Desk, recorder: Recorder, run_id: str, place: int, each: Play, gun: str, profile: PileProfile
) -> CaseOutcome:
    key = f"{run_id}/{place}-{each.case}"
    began = desk.clock.wall()
    journal = Journal(key, desk.clock, (recorder,))
    about = msgspec.to_builtins(profile)
    journal.event(Opened(wall=began.isoformat(), run_id=run_id, scenario=each.case, profile=about, gun_no=gun))
    for _ in range(3):
        journal.frame(PILE, HEARTBEAT)
    for event in each.events:
        journal.event(event)
    desk.clock.advance(TOOK)
    journal.event(Closed(how="finished"))
    title = next((info.title for info in CASES if info.id == each.case), (each.case, each.case))
    finding = Finding(code="serial_same", verdict=each.verdict, check="serial", frames=(2, 3))
    return CaseOutcome(
        id=each.case,
        title_zh=title[0],
        title_en=title[1],
        verdict=each.verdict,
        findings=tuple(each.findings) or (finding,),
        started=began.isoformat(),
        ended=(began + timedelta(seconds=TOOK)).isoformat(),
        gun_no=gun,
        charge=each.charge,
        key=key,
        audit=each.audit,
    )


def page(client: FlaskClient, path: str, code: int = 200) -> str:
    """The text of a page."""
    answer = client.get(path)
    assert answer.status_code == code
    return answer.text


def send(client: FlaskClient, path: str, **form: Any) -> Any:
    """What a form brings."""
    return client.post(path, data=form)


def votes(model: Model, **rejected: str) -> dict[str, Any]:
    """Votes on SCANS; those named go back with a reason."""
    form: dict[str, Any] = {"version": model.version}
    for case in SCANS:
        form[f"vote-{case}"] = "reject" if case in rejected else "accept"
        form[f"why-{case}"] = rejected.get(case, "")
    return form


def state(desk: Desk, model: Model) -> State:
    """Where the model stands now."""
    found = models.model(desk.engine, model.id)
    assert found is not None
    return found.state
