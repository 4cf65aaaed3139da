"""Runs, cases, findings; journals with their frames and events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("journal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("journal", "n", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "frames",
        sa.Column("journal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.SmallInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("damage", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("journal", "n", name=op.f("pk_frames")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("pile_code", sa.String(length=32), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("adrift", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_pile_code"), "runs", ["pile_code"], unique=False)
    op.create_index(op.f("ix_runs_process"), "runs", ["process"], unique=False)
    op.create_index(op.f("ix_runs_started"), "runs", ["started"], unique=False)

    op.create_table(
        "cases",
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("journal", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_cases_run"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "position", name=op.f("pk_cases")),
    )
    op.create_table(
        "journals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("run", sa.String(length=64), nullable=True),
        sa.Column("scenario", sa.String(length=64), nullable=False),
        sa.Column("pile_code", sa.String(length=32), nullable=False),
        sa.Column("gun_no", sa.String(length=8), nullable=False),
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journals")),
        sa.UniqueConstraint("key", name=op.f("uq_journals_key")),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_journals_run"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_journals_run"), "journals", ["run"], unique=False)

    op.create_table(
        "findings",
        sa.Column("run", sa.String(length=64), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "case"], ["cases.run", "cases.position"], name=op.f("fk_findings_run_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run", "case", "position", name=op.f("pk_findings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_findings_code"), "findings", ["code"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_findings_code"), "findings")

    op.drop_table("findings")
    op.drop_index(op.f("ix_journals_run"), "journals")

    op.drop_table("journals")
    op.drop_table("cases")
    op.drop_index(op.f("ix_runs_started"), "runs")
    op.drop_index(op.f("ix_runs_process"), "runs")
    op.drop_index(op.f("ix_runs_pile_code"), "runs")

    op.drop_table("runs")
    op.drop_table("processes")
    op.drop_table("frames")
    op.drop_table("events")
