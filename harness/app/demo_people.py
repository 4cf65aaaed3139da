"""Who is there when the demo begins: a company with an approved model, a reviewer and an admin."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine

from harness.core.pile import PileProfile
from harness.store.desk import accounts, models
from harness.store.desk.values import ADMIN, REVIEWER, Actor, Model, ModelData, Registrant
from web.passwords import hashed, new_code

COMPANY, BRAND = "示例充电（演示）有限公司", "示例"
CONTACT, PHONE = "演示员", "+8613900000000"
REVIEWERS_NAME, ADMINS_NAME = "reviewer", "admin"


class DemoPeople(msgspec.Struct, frozen=True, kw_only=True):
    """The accounts of a demo; codes and passwords are known here alone, and shown once."""

    registrant: Registrant
    code: str
    reviewer_password: str
    admin_password: str
    model: Model


def furnish(engine: Engine, profile: PileProfile, now: datetime) -> DemoPeople:
    """Enter them all, each with a fresh secret."""
    code, reviewers, admins = new_code(), new_code(), new_code()
    registrant = accounts.register(
        engine, company=COMPANY, brand=BRAND, contact=CONTACT, phone=PHONE, code_hash=hashed(code), now=now
    )
    reviewer = accounts.add_user(engine, REVIEWERS_NAME, REVIEWER, hashed(reviewers), now)
    accounts.add_user(engine, ADMINS_NAME, ADMIN, hashed(admins), now)
    by = Actor(kind="registrant", id=registrant.id, name=f"{COMPANY} {CONTACT}")
    made = models.add_model(engine, registrant.id, registered(profile), by, now)
    approver = Actor(kind=REVIEWER, id=reviewer.id, name=reviewer.name)
    model = models.approve(engine, made.id, profile.pile_code, approver, now)
    return DemoPeople(registrant=registrant, code=code, reviewer_password=reviewers, admin_password=admins, model=model)


def registered(profile: PileProfile) -> ModelData:
    """What somebody who registers such a pile fills in."""
    items = profile.items
    return ModelData(
        model=profile.model,
        kind=profile.kind,
        power_kw=profile.power_kw,
        guns=profile.guns,
        protocol_version=profile.protocol_version,
        program_version=profile.program_version,
        mainboard_maker=profile.mainboard_maker,
        card=bool(items.card),
        card_no=items.card,
        vin=bool(items.vin),
        vin_no=items.vin,
        reboot=items.reboot,
        upgrade=items.upgrade,
        qr=items.qr,
        qr_dialect=profile.qr_dialect,
        site=profile.site,
    )
