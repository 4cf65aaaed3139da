"""The states of a model on its way to 联调完成, and who may do what in which of them.

    信息审核中 ──approve──► 联调中 ──submit──► 联调结果待审核 ──accept──► 联调完成
        ▲                    │  ▲                    │
        └──── edit ──────────┘  └── again ── 审核未通过 ◄──reject

A returned registration stays in 信息审核中 and carries the reason until it is sent again. Editing what was approved
needs a new approval, whatever came before it, save for card number and VIN: they change in place, and results stay.
While results wait for a decision nothing may be changed or played.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from harness.core.errors import PersonError
from harness.core.pairs import Pair


class State(StrEnum):
    """Where a model stands."""

    REGISTERED = "registered"
    TESTING = "testing"
    SUBMITTED = "submitted"
    DONE = "done"
    REJECTED = "rejected"


class Action(StrEnum):
    """What may be done with a model."""

    EDIT = "edit"  # its data: needs a new approval
    NUMBERS = "numbers"  # card number and VIN: no approval needed
    APPROVE = "approve"  # the registration
    RETURN = "return"  # the registration, with a reason
    PLAY = "play"  # start or retry cases
    UPGRADED = "upgraded"  # our own upgrade case changed the program version
    SUBMIT = "submit"
    ACCEPT = "accept"  # the results
    REJECT = "reject"  # the results, with a reason for each rejected case
    AGAIN = "again"  # 重新调试
    DELETE = "delete"


REGISTRANT, REVIEWER, PLATFORM = "registrant", "reviewer", "platform"  # an admin may do all that a reviewer may

WHO = MappingProxyType(
    {
        Action.EDIT: REGISTRANT,
        Action.NUMBERS: REGISTRANT,
        Action.APPROVE: REVIEWER,
        Action.RETURN: REVIEWER,
        Action.PLAY: REGISTRANT,
        Action.UPGRADED: PLATFORM,
        Action.SUBMIT: REGISTRANT,
        Action.ACCEPT: REVIEWER,
        Action.REJECT: REVIEWER,
        Action.AGAIN: REGISTRANT,
        Action.DELETE: REGISTRANT,
    }
)

# What is not here is refused.
NEXT = MappingProxyType(
    {
        (State.REGISTERED, Action.EDIT): State.REGISTERED,
        (State.REGISTERED, Action.APPROVE): State.TESTING,
        (State.REGISTERED, Action.RETURN): State.REGISTERED,
        (State.REGISTERED, Action.DELETE): State.REGISTERED,
        (State.TESTING, Action.EDIT): State.REGISTERED,
        (State.TESTING, Action.NUMBERS): State.TESTING,
        (State.TESTING, Action.PLAY): State.TESTING,
        (State.TESTING, Action.UPGRADED): State.TESTING,
        (State.TESTING, Action.SUBMIT): State.SUBMITTED,
        (State.TESTING, Action.DELETE): State.TESTING,
        (State.SUBMITTED, Action.ACCEPT): State.DONE,
        (State.SUBMITTED, Action.REJECT): State.REJECTED,
        (State.DONE, Action.EDIT): State.REGISTERED,
        (State.DONE, Action.NUMBERS): State.DONE,
        (State.DONE, Action.DELETE): State.DONE,
        (State.REJECTED, Action.EDIT): State.REGISTERED,
        (State.REJECTED, Action.NUMBERS): State.REJECTED,
        (State.REJECTED, Action.AGAIN): State.TESTING,
        (State.REJECTED, Action.DELETE): State.REJECTED,
    }
)

NAMES: MappingProxyType[State, Pair] = MappingProxyType(
    {
        State.REGISTERED: ("信息审核中", "Registration under review"),
        State.TESTING: ("联调中", "In joint debugging"),
        State.SUBMITTED: ("联调结果待审核", "Results under review"),
        State.DONE: ("联调完成", "Joint debugging completed"),
        State.REJECTED: ("审核未通过", "Results not approved"),
    }
)

MEANINGS: MappingProxyType[State, Pair] = MappingProxyType(
    {
        State.REGISTERED: ("登记信息等平台审核，通过后会给出桩编码。", "The platform checks the registration, then issues a pile code."),
        State.TESTING: ("可以测试，或正在测试。", "Cases may be run, or are running."),
        State.SUBMITTED: ("全部测完，等平台审核结果；审核前不能再测。", "All cases are run; nothing can be run until the platform has decided."),
        State.DONE: ("可以接入客户的生产环境。", "The pile may be connected to the customer's production environment."),
        State.REJECTED: ("平台退回了结果，看每个场景的原因，改好后重新调试。", "The platform sent results back; read the reason of each case, mend it, then test again."),
    }
)  # fmt: skip

RETURNED: Pair = ("已退回", "Sent back")

ACTION_NAMES: MappingProxyType[Action, Pair] = MappingProxyType(
    {
        Action.EDIT: ("修改型号", "change the model"),
        Action.NUMBERS: ("修改卡号或 VIN", "change the card number or VIN"),
        Action.APPROVE: ("通过登记", "approve the registration"),
        Action.RETURN: ("退回登记", "send the registration back"),
        Action.PLAY: ("启动测试", "start a test"),
        Action.UPGRADED: ("记录升级后的程序版本", "note the program version after the upgrade"),
        Action.SUBMIT: ("提交审核", "submit for review"),
        Action.ACCEPT: ("审核通过", "approve the results"),
        Action.REJECT: ("退回结果", "send the results back"),
        Action.AGAIN: ("重新调试", "test again"),
        Action.DELETE: ("删除型号", "delete the model"),
    }
)


class Refused(PersonError):
    """This cannot be done with a model in its present state."""


def follow(state: State, action: Action) -> State:
    """The state after an action; Refused when it may not be done here."""
    after = NEXT.get((state, action))
    if after is None:
        (zh, en), (name_zh, name_en) = ACTION_NAMES[action], NAMES[state]
        raise Refused(f"The model is in state '{name_en}': you cannot {en} now.", f"型号现在是“{name_zh}”，不能{zh}。")
    return after


def allowed(state: State, who: str) -> frozenset[Action]:
    """What somebody may do in a state, to show the right buttons."""
    return frozenset(action for (at, action) in NEXT if at is state and WHO[action] == who)
