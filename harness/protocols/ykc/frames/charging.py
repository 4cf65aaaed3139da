"""Start, stop and balance (8.1 to 8.6, 8.9, 8.10)."""

from harness.core.fields import Bcd, Choice, Opaque, Scaled
from harness.core.frame import FrameType
from harness.core.texts import Text

START_REQUEST = FrameType(
    code=0x31,
    name="start_request",
    title="充电桩主动申请启动充电",
    sender="pile",
    section="8.1",
    answered_by="start_confirm",
    sent="按需发送",
    purpose="a user asks for a charge at the pile: card, account or VIN",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Choice(
            "start_mode",
            1,
            "启动方式",
            choices={
                0x01: ("刷卡启动", "card"),
                0x02: ("帐号启动（暂不支持）", "account (not supported yet)"),
                0x03: ("vin 码启动", "VIN"),
            },
        ),
        Choice(
            "password_required", 1, "是否需要密码", choices={0x00: ("不需要", "not needed"), 0x01: ("需要", "needed")}
        ),
        Opaque(
            "account_or_physical_card_no", 8, "账号或者物理卡号", note="8 raw bytes, zero-filled on the left (E-CARD)"
        ),
        Text(
            "password",
            16,
            "输入密码",
            note=("16-digit MD5 of the password typed in, lower-case hex characters (E-MD5); all zero when not used"),
        ),
        Text(
            "vin",
            17,
            "VIN 码",
            reversed=True,
            note="only for start_mode 3, otherwise 17 zero bytes; VIN sent in reverse character order",
        ),
    ),
)

START_CONFIRM = FrameType(
    code=0x32,
    name="start_confirm",
    title="运营平台确认启动充电",
    sender="platform",
    section="8.2",
    sent="应答",
    purpose="result of the authorisation",
    read_as={44: "parallel_start_confirm"},  # printed with this type (E-A2)
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bcd("logical_card_no", 8, "逻辑卡号", note="printed number of the card, shown on the pile screen; zero-filled"),
        Scaled("account_balance", 4, "账户余额", places=2, unit="CNY"),
        Choice("auth_success", 1, "鉴权成功标志", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
        Choice(
            "fail_reason",
            1,
            "失败原因",
            choices={
                0x00: ("无", "none (not listed in the document)"),
                0x01: ("账户不存在", "account does not exist"),
                0x02: ("账户冻结", "account frozen"),
                0x03: ("账户余额不足", "balance too low"),
                0x04: ("该卡存在未结账记录", "card has an unsettled record"),
                0x05: ("桩停用", "pile disabled"),
                0x06: ("该账户不能在此桩上充电", "account may not charge at this pile"),
                0x07: ("密码错误", "wrong password"),
                0x08: ("电站电容不足", "station capacity insufficient"),
                0x09: ("系统中 vin 码不存在", "VIN not known to the system"),
                0x0A: ("该桩存在未结账记录", "pile has an unsettled record"),
                0x0B: ("该桩不支持刷卡", "pile does not support card start"),
            },
            note="0 on success is not listed; send 0x00",
        ),
    ),
)

REMOTE_START = FrameType(
    code=0x34,
    name="remote_start",
    title="运营平台远程控制启机",
    sender="platform",
    section="8.3",
    answered_by="remote_start_reply",
    sent="按需发送",
    purpose="the platform starts a charge for an app user",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bcd("logical_card_no", 8, "逻辑卡号", note="printed number of the card, shown on the pile screen; zero-filled"),
        Opaque("physical_card_no", 8, "物理卡号", note="8 raw bytes, zero-filled on the left (E-CARD)"),
        Scaled("account_balance", 4, "账户余额", places=2, unit="CNY"),
    ),
)

REMOTE_START_REPLY = FrameType(
    code=0x33,
    name="remote_start_reply",
    title="远程启动充电命令回复",
    sender="pile",
    section="8.4",
    sent="应答",
    purpose="answer to the remote start",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Choice("start_result", 1, "启动结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
        Choice(
            "fail_reason",
            1,
            "失败原因",
            choices={
                0x00: ("无", "none"),
                0x01: ("设备编号不匹配", "device number mismatch"),
                0x02: ("枪已在充电", "gun already charging"),
                0x03: ("设备故障", "device fault"),
                0x04: ("设备离线", "device offline"),
                0x05: ("未插枪", "gun not plugged in"),
            },
            note="for 0x05 see R-ST-5 to R-ST-7",
        ),
    ),
)

REMOTE_STOP = FrameType(
    code=0x36,
    name="remote_stop",
    title="运营平台远程停机",
    sender="platform",
    section="8.5",
    answered_by="remote_stop_reply",
    sent="按需发送",
    purpose="the platform stops a charge, e.g. stop in the app",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
    ),
)

REMOTE_STOP_REPLY = FrameType(
    code=0x35,
    name="remote_stop_reply",
    title="远程停机命令回复",
    sender="pile",
    section="8.6",
    sent="应答发送",
    purpose="answer to the remote stop",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Choice("stop_result", 1, "停止结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
        Choice(
            "fail_reason",
            1,
            "失败原因",
            choices={
                0x00: ("无", "none"),
                0x01: ("设备编号不匹配", "device number mismatch"),
                0x02: ("枪未处于充电状态", "gun is not charging"),
                0x03: ("其他", "other"),
            },
        ),
    ),
)

BALANCE_UPDATE = FrameType(
    code=0x42,
    name="balance_update",
    title="远程账户余额更新",
    sender="platform",
    section="8.9",
    answered_by="balance_update_reply",
    sent="按需发送",
    purpose="the user topped up: new balance for the running charge",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Opaque(
            "physical_card_no",
            8,
            "物理卡号",
            note=(
                "8 raw bytes, zero-filled on the left; non-zero: check that the running charge belongs to"
                " this card; zero: update without a check"
            ),
        ),
        Scaled("new_balance", 4, "修改后账户金额", places=2, unit="CNY"),
    ),
)

BALANCE_UPDATE_REPLY = FrameType(
    code=0x41,
    name="balance_update_reply",
    title="余额更新应答",
    sender="pile",
    section="8.10",
    sent="应答回复",
    purpose="result of the balance update",
    tolerated={8: ("physical_card_no",)},  # card left out (E-41)
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Opaque(
            "physical_card_no",
            8,
            "物理卡号",
            note=("8 raw bytes, zero-filled on the left; not mandatory: all zero when no card is meant (E-BAL)"),
        ),
        Choice(
            "update_result",
            1,
            "修改结果",
            choices={
                0x00: ("修改成功", "success"),
                0x01: ("设备编号错误", "device number wrong"),
                0x02: ("卡号错误", "card number wrong"),
            },
        ),
    ),
)

FRAMES = (
    START_REQUEST,
    START_CONFIRM,
    REMOTE_START,
    REMOTE_START_REPLY,
    REMOTE_STOP,
    REMOTE_STOP_REPLY,
    BALANCE_UPDATE,
    BALANCE_UPDATE_REPLY,
)
