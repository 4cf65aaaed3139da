"""The desk's tables. Nothing in them is ever deleted by a person; the audit list takes no change at all."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from harness.store.tables import Base


class RegistrantRow(Base):
    """A contact at a customer's company."""

    __tablename__ = "registrants"
    __table_args__ = (UniqueConstraint("company", "contact", "phone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company: Mapped[str] = mapped_column(String(128))
    brand: Mapped[str] = mapped_column(String(128))
    contact: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str] = mapped_column(String(32))
    code_hash: Mapped[str] = mapped_column(String(256))
    epoch: Mapped[int] = mapped_column(default=1)
    created: Mapped[int] = mapped_column(BigInteger)


class UserRow(Base):
    """A person of the platform."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    disabled: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=1)
    created: Mapped[int] = mapped_column(BigInteger)


class EndedSessionRow(Base):
    """A session that somebody signed out of, until its cookie is too old anyway."""

    __tablename__ = "ended_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[int] = mapped_column(BigInteger, index=True)


class CustomerRow(Base):
    """A company of the platform's customer list."""

    __tablename__ = "customers"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    added: Mapped[int] = mapped_column(BigInteger)


class ModelRow(Base):
    """A model; `body` is its data as JSON, `name` the model's name in it. Without a pile code it is not approved."""

    __tablename__ = "models"
    __table_args__ = (Index(None, "state", "waiting_since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registrant: Mapped[int] = mapped_column(ForeignKey("registrants.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    returned: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    pile_code: Mapped[str | None] = mapped_column(String(32), unique=True)
    created: Mapped[int] = mapped_column(BigInteger)
    changed: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    waiting_since: Mapped[int | None] = mapped_column(BigInteger)


class AuditRow(Base):
    """Something that was done; triggers refuse every change and removal."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int]
    actor_name: Mapped[str] = mapped_column(String(128))
    model: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)


class AttemptRow(Base):
    """A case of a run that is played for a model. No foreign key: it may be known before its run is."""

    __tablename__ = "attempts"

    run: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    model: Mapped[int] = mapped_column(ForeignKey("models.id"), index=True)
    case: Mapped[str] = mapped_column(String(64))
    gun_no: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(128))


class SubmissionRow(Base):
    """Results as submitted under a pile code, and the decision."""

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[int] = mapped_column(ForeignKey("models.id"), index=True)
    pile_code: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = mapped_column(BigInteger)
    by_kind: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[int]
    by_name: Mapped[str] = mapped_column(String(128))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_kind: Mapped[str] = mapped_column(String(16), default="")
    decided_id: Mapped[int] = mapped_column(default=0)
    decided_name: Mapped[str] = mapped_column(String(128), default="")
    accepted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class SubmittedCaseRow(Base):
    """One case of a submission: the attempt that counted, and the reviewer's word on it."""

    __tablename__ = "submitted_cases"

    submission: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case: Mapped[str] = mapped_column(String(64))
    declared: Mapped[bool]
    run: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(16))
    gun_no: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(32))
    vote: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(Text, default="")


class UploadRow(Base):
    """A file somebody sent; it lies under its id, outside of any served folder."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[int] = mapped_column(ForeignKey("models.id"), index=True)
    run: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(256))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(128))


class SharedCaseRow(Base):
    """A case that a registrant shows to the platform."""

    __tablename__ = "shared_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[int] = mapped_column(ForeignKey("models.id"), index=True)
    run: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    case: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(128))
    seen_at: Mapped[int | None] = mapped_column(BigInteger)
    seen_by: Mapped[str] = mapped_column(String(128), default="")


# SQLite removes a replaced row without asking the trigger on DELETE, so there is a third one. The last of each kind
# lets nobody choose an id: a line that is entered later also stands later.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit list is append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit list is append-only'); END",
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'the audit list is append-only'); END",
        "CREATE TRIGGER audit_in_order AFTER INSERT ON audit"
        " WHEN NEW.id <> 1 + COALESCE((SELECT MAX(id) FROM audit WHERE id <> NEW.id), 0)"
        " BEGIN SELECT RAISE(ABORT, 'the audit list is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit list is append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit FOR EACH ROW"
        " WHEN (NEW.id IS DISTINCT FROM currval(pg_get_serial_sequence('audit', 'id')))"
        " EXECUTE FUNCTION audit_append_only()",
    ),
}

for dialect, statements in APPEND_ONLY.items():
    for statement in statements:
        made = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(AuditRow.__table__, "after_create", made.execute_if(dialect=dialect))
