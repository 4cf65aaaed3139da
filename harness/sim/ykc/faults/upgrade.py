"""What goes wrong with a remote update."""

from __future__ import annotations

from harness.core.message import Message
from harness.sim.ykc.faults.known import KnownFault
from harness.sim.ykc.pile import Pile
from harness.sim.ykc.upgrade import DONE, WRONG_CODE, WRONG_MODEL
from harness.sim.ykc.ways import never


def upgrade_wrong_code(pile: Pile) -> None:
    _refuses(pile, WRONG_CODE)


def upgrade_wrong_model(pile: Pile) -> None:
    _refuses(pile, WRONG_MODEL)


def _refuses(pile: Pile, status: int) -> None:
    def refuse(message: Message, now: float) -> bool:
        pile.say("remote_update_reply", {"update_status": status}, message.serial)
        return False

    pile.habits.listen("remote_update", refuse)


def upgrade_timeout_seconds(pile: Pile) -> None:
    pile.habits.timeout_unit = 1.0
    pile.habits.fetch_delay = 20.0


def upgrade_silent(pile: Pile) -> None:
    never(pile, "remote_update_reply")


def upgrade_not_fetched(pile: Pile) -> None:
    def pretend(message: Message, now: float) -> bool:
        pile.say("remote_update_reply", {"update_status": DONE}, message.serial)
        pile.agenda.set("reboot", now + 1.0, pile.reboot)
        return False

    pile.habits.listen("remote_update", pretend)


def upgrade_old_version(pile: Pile) -> None:
    pile.habits.installs = False


def upgrade_ignores_idle_only(pile: Pile) -> None:
    pile.habits.waits_for_idle = False


def upgrade_not_back(pile: Pile) -> None:
    pile.habits.boot_delay = None


FAULTS = (
    KnownFault(
        name="upgrade_wrong_code",
        apply=upgrade_wrong_code,
        zh="对自己的桩编号应答 0x93=1（编号错误）",
        en="answers its own code with 0x93 = 1 (wrong code)",
        case="upgrade",
        found_by="update_refused",
        also=("firmware_not_fetched",),
        dialect="one_heartbeat",
    ),
    KnownFault(
        name="upgrade_wrong_model",
        apply=upgrade_wrong_model,
        zh="对自己的桩型号应答 0x93=2（型号不符）",
        en="answers its own model with 0x93 = 2 (wrong model)",
        case="upgrade",
        found_by="update_refused",
        also=("firmware_not_fetched",),
        dialect="crc_high_first",
    ),
    KnownFault(
        name="upgrade_timeout_seconds",
        apply=upgrade_timeout_seconds,
        zh="把下载超时的分钟当成秒，应答 0x93=3（超时）",
        en="takes the minutes of the download limit for seconds and answers 0x93 = 3 (timed out)",
        case="upgrade",
        found_by="update_refused",
        also=("firmware_not_fetched",),
        changes="arithmetic",
        dialect="frames_split",
    ),
    KnownFault(
        name="upgrade_silent",
        apply=upgrade_silent,
        zh="升级了，但不应答 0x93",
        en="updates, but never answers with 0x93",
        case="upgrade",
        found_by="no_update_reply",
        dialect="serial_zero",
    ),
    KnownFault(
        name="upgrade_not_fetched",
        apply=upgrade_not_fetched,
        zh="应答升级成功，但没有下载固件",
        en="reports success of the update without fetching the firmware",
        case="upgrade",
        found_by="firmware_not_fetched",
        also=("version_unchanged",),
        dialect="frames_joined",
    ),
    KnownFault(
        name="upgrade_old_version",
        apply=upgrade_old_version,
        zh="应答升级成功，但仍是旧版本",
        en="reports success of the update, but runs the old version",
        case="upgrade",
        found_by="version_unchanged",
        dialect="firmware_twice",
    ),
    KnownFault(
        name="upgrade_ignores_idle_only",
        apply=upgrade_ignores_idle_only,
        zh="要求空闲时升级，充电中就升级重启了",
        en="told to update when idle it updates and restarts while charging",
        case="two_guns_upgrade",
        found_by="stopped_by_other",
        dialect="crc_high_first",
    ),
    KnownFault(
        name="upgrade_not_back",
        apply=upgrade_not_back,
        zh="升级后不再上线",
        en="does not come back after the update",
        case="upgrade",
        found_by="not_back",
        dialect="half_open",
    ),
)
