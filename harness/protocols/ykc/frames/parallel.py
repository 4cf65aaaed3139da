"""Several guns charging one car (chapter 12)."""

from harness.core.fields import Bcd, Choice, Opaque, Scaled
from harness.core.frame import FrameType
from harness.core.texts import Text

PARALLEL_START_REQUEST = FrameType(
    code=0xA1,
    name="parallel_start_request",
    title="充电桩主动申请并充充电",
    sender="pile",
    section="12.1",
    answered_by="parallel_start_confirm",
    sent="按需发送",
    purpose="as 0x31 for a charge over several guns; one frame per gun",
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
        Choice("main_aux_flag", 1, "主辅枪标记", choices={0x00: ("主枪", "main gun"), 0x01: ("辅枪", "auxiliary gun")}),
        Bcd(
            "parallel_serial",
            6,
            "并充序号",
            note=("yyMMddHHmmss, made by the pile, the same in the frames of all guns of one parallel charge"),
        ),
    ),
)

PARALLEL_START_CONFIRM = FrameType(
    code=0xA2,
    name="parallel_start_confirm",
    title="运营平台确认并充启动充电",
    sender="platform",
    section="12.2",
    sent="应答",
    purpose="authorisation result per gun",
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
        Bcd("parallel_serial", 6, "并充序号", note="the one sent in 0xA1"),
    ),
)

PARALLEL_REMOTE_START = FrameType(
    code=0xA4,
    name="parallel_remote_start",
    title="运营平台远程控制并充启机",
    sender="platform",
    section="12.3",
    answered_by="parallel_remote_start_reply",
    sent="按需发送",
    purpose="as 0x34 for a charge over several guns",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bcd("logical_card_no", 8, "逻辑卡号", note="printed number of the card, shown on the pile screen; zero-filled"),
        Opaque("physical_card_no", 8, "物理卡号", note="8 raw bytes, zero-filled on the left (E-CARD)"),
        Scaled("account_balance", 4, "账户余额", places=2, unit="CNY"),
        Bcd(
            "parallel_serial",
            6,
            "并充序号",
            note=("yyMMddHHmmss, made by the platform, the same in the frames of all guns of one parallel charge"),
        ),
    ),
)

PARALLEL_REMOTE_START_REPLY = FrameType(
    code=0xA3,
    name="parallel_remote_start_reply",
    title="远程并充启机命令回复",
    sender="pile",
    section="12.4",
    sent="应答",
    purpose="answer to 0xA4",
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
            note="for 0x05 see R-ST-5 to R-ST-7 and R-PC-6",
        ),
        Choice("main_aux_flag", 1, "主辅枪标记", choices={0x00: ("主枪", "main gun"), 0x01: ("辅枪", "auxiliary gun")}),
        Bcd("parallel_serial", 6, "并充序号", note="the one sent in 0xA4"),
    ),
)

FRAMES = (PARALLEL_START_REQUEST, PARALLEL_START_CONFIRM, PARALLEL_REMOTE_START, PARALLEL_REMOTE_START_REPLY)
