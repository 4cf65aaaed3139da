"""The desk with a house that does nothing: an app, and people who are signed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine

from harness.core.clock import ManualClock
from harness.pictures import read_qr
from harness.protocols.ykc.audit import PileAuditor
from harness.protocols.ykc.language import YkcLanguage
from harness.protocols.ykc.lens import YkcLens
from harness.store.database import open_store
from harness.store.desk import accounts, models, uploads
from harness.store.desk.values import Actor, Model, ModelData, Registrant, Upload
from harness.store.journal_audits import JournalAudits
from tests.web.fakes import FakeHouse
from tests.web.routes import PICTURE, PNG
from web import create_app
from web.access import name_of
from web.services import CaseInfo, DeskSettings, Services

CODE = "ABCD-2345"
PASSWORD = "a long enough one"
PILE = "32010600417702"
DATA = ModelData(
    model="QH-DC120-2", kind="dc", power_kw=120, guns=2, program_version="QH1.4.2", mainboard_maker="恒芯",
    card=True, card_no="32095DF0", vin=True, vin_no="", reboot=True, upgrade=True, qr=True,
)  # fmt: skip
CASES = tuple(
    CaseInfo(id=name, title=title, about=title, needs=needs)
    for name, title, needs in (
        ("qr_set", ("二维码设置", "QR code setting"), "qr"),
        ("single_tariff", ("单价格段充电", "Charge within one tariff period"), "scan"),
        ("cross_tariff", ("跨价格段充电", "Charge across a price boundary"), "scan"),
        ("card", ("刷卡充电", "Charge by card"), "card"),
        ("vin", ("VIN充电", "Charge by VIN"), "vin"),
        ("estop", ("急停停止", "Emergency stop"), "scan"),
        ("reboot", ("远程重启", "Remote reboot"), "reboot"),
        ("upgrade", ("远程升级", "Remote upgrade"), "upgrade"),
    )
)


# A real hash takes a while, as it should; what is kept names its own cost, so that signing in is quick as well.
kept = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash


@dataclass
class Desk:
    """An app with all that stands behind it, and ways to have people and models in it."""

    app: Flask
    engine: Engine
    clock: ManualClock
    house: FakeHouse
    services: Services
    told: list[tuple[int, str]]  # what streams were told
    codes: str = CODE

    def registrant(self, company: str = "青禾换电服务（示例）有限公司", contact: str = "测试员甲") -> Registrant:
        return accounts.register(
            self.engine, company=company, brand="禾充", contact=contact, phone="+8613900000000",
            code_hash=kept(CODE), now=self.clock.wall(),
        )  # fmt: skip

    def user(self, name: str = "reviewer-01", role: str = "reviewer") -> Any:
        return accounts.add_user(self.engine, name, role, kept(PASSWORD), self.clock.wall())

    def model(self, owner: Registrant, data: ModelData = DATA, approved: bool = True, pile_code: str = PILE) -> Model:
        made = models.add_model(self.engine, owner.id, data, self.actor(owner), self.clock.wall())
        if not approved:
            return made
        by = Actor(kind="reviewer", id=1, name="reviewer-01")
        return models.approve(self.engine, made.id, pile_code, by, self.clock.wall())

    def actor(self, owner: Registrant) -> Actor:
        return Actor(kind="registrant", id=owner.id, name=f"{owner.company} {owner.contact}")

    def client(self, who: Any = None, lang: str = "zh") -> FlaskClient:
        """A browser, signed in as somebody."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["lang"] = lang
            if who is not None:
                session["_user_id"] = name_of(who)
                session["_fresh"] = True
                session["seen"] = self.clock.wall().timestamp()
        return client


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it: to copy it is quicker than to make one."""
    path = tmp_path_factory.mktemp("blank") / "desk.sqlite"
    open_store(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates as they were compiled by the first test that wanted them: half the time of a page goes there."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def desk(tmp_path: Path, blank: Path, compiled: BytecodeCache) -> Iterator[Desk]:
    clock, house, told = ManualClock(), FakeHouse(), []
    engine = open_store(f"sqlite:///{shutil.copy(blank, tmp_path)}")
    services = Services(
        engine=engine,
        clock=clock,
        house=house,
        lens=YkcLens(),
        read=YkcLanguage().read,
        read_picture=read_qr,
        cases=CASES,
        settings=DeskSettings(
            public_url="http://192.0.2.10:8080",
            pile_address="192.0.2.10",
            pile_port=5456,
            timezone="Asia/Shanghai",
            secret=b"only for tests",
            pictures=tmp_path / "pictures",
            firmware=tmp_path / "firmware",
        ),
        audits=JournalAudits(engine, PileAuditor),
        changed=lambda model_id, what: told.append((model_id, what)),
    )
    app = create_app(services)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.jinja_env.bytecode_cache = compiled
    app.extensions["limits"].enabled = False
    yield Desk(app, engine, clock, house, services, told)
    engine.dispose()


@pytest.fixture
def owner(desk: Desk) -> Registrant:
    """A registrant."""
    return desk.registrant()


@pytest.fixture
def model(desk: Desk, owner: Registrant) -> Model:
    """Their approved model, in 联调中."""
    return desk.model(owner)


@pytest.fixture
def registrant(desk: Desk, owner: Registrant) -> FlaskClient:
    """The registrant's browser."""
    return desk.client(owner)


@pytest.fixture
def other(desk: Desk) -> FlaskClient:
    """The browser of another company's registrant."""
    return desk.client(desk.registrant("远山能源（示例）有限公司", "测试员乙"))


@pytest.fixture
def reviewer(desk: Desk) -> FlaskClient:
    """A reviewer's browser."""
    return desk.client(desk.user())


@pytest.fixture
def admin(desk: Desk) -> FlaskClient:
    """An admin's browser."""
    return desk.client(desk.user("admin-01", "admin"))


@pytest.fixture
def picture(desk: Desk, model: Model) -> str:
    """A picture of the model."""
    desk.services.settings.pictures.mkdir(parents=True)
    (desk.services.settings.pictures / PICTURE).write_bytes(PNG)
    upload = Upload(
        id=PICTURE, model_id=model.id, run_id="r", kind="picture", name="qr.png", size=len(PNG),
        sha256=sha256(PNG).hexdigest(), version="", at=desk.clock.wall(), by="x",
    )  # fmt: skip
    uploads.keep_upload(desk.engine, upload)
    return PICTURE
