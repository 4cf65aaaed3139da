"""A registrant of the desk."""

import pytest
from sqlalchemy import Engine

from harness.store.desk.values import Actor
from tests.store.desk.people import enter_registrant


@pytest.fixture
def registrant(engine: Engine) -> Actor:
    return enter_registrant(engine)
