"""What people at other phones and desks do meanwhile, straight in the store."""

from __future__ import annotations

from msgspec.structs import replace

from harness.app.demo_people import DemoPeople, registered
from harness.core.standing import MAIN
from harness.core.verdict import Verdict
from harness.store.desk import models, results, uploads
from harness.store.desk.values import Actor, Model
from tests.sim.pretend import profile
from web.services import Services

REVIEWER = Actor(kind="reviewer", id=1, name="reviewer")


class Deeds:
    """The registrant of the demo, and its reviewer."""

    def __init__(self, services: Services, people: DemoPeople) -> None:
        self._services = services
        self._who = people.registrant
        self._by = Actor(kind="registrant", id=self._who.id, name=f"{self._who.company} {self._who.contact}")

    async def add_model(self, name: str, returned: str) -> int:
        """Another registration, sent back with a reason if there is one."""
        engine, now = self._services.engine, self._services.clock.wall()
        data = replace(registered(profile("demo")), model=name)
        made = models.add_model(engine, self._who.id, data, self._by, now)
        if returned:
            models.give_back(engine, made.id, returned, REVIEWER, now)
        return made.id

    async def share(self, model: int) -> None:
        """A case that failed is shown to the platform."""
        engine, now = self._services.engine, self._services.clock.wall()
        failed = next(each for each in results.attempts(engine, model) if each.verdict is Verdict.FAILED)
        uploads.share(engine, model, failed.run_id, failed.position, failed.case, "", self._by, now)

    async def submit(self, model: int) -> None:
        """提交审核."""
        engine, now = self._services.engine, self._services.clock.wall()
        standings = results.standings(engine, self._model(model), self._services.cases)
        models.submit(engine, model, results.to_submit(standings), self._by, now)

    async def reject(self, model: int, case: str, why: str) -> None:
        """All cases are accepted but one."""
        engine, now = self._services.engine, self._services.clock.wall()
        needed = [each.id for each in self._services.cases if each.suite == MAIN]
        models.reject(engine, model, REVIEWER, now, dict.fromkeys(needed, ("accept", "")) | {case: ("reject", why)})

    def _model(self, number: int) -> Model:
        found = models.model(self._services.engine, number)
        assert found is not None
        return found
