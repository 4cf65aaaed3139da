"""The billing model: checked, asked for, pushed (6.5 to 6.8, 9.5, 9.6)."""

from harness.core.fields import Bcd, Choice, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.parts import Repeat

# The tariff itself, the same in both frames that carry it: four price pairs and 48 half hours.
PRICES_AND_SLOTS = (
    Scaled("sharp_energy_price", 4, "尖费电费费率", places=5, unit="CNY/kWh"),
    Scaled("sharp_service_price", 4, "尖服务费费率", places=5, unit="CNY/kWh"),
    Scaled("peak_energy_price", 4, "峰电费费率", places=5, unit="CNY/kWh"),
    Scaled("peak_service_price", 4, "峰服务费费率", places=5, unit="CNY/kWh"),
    Scaled("flat_energy_price", 4, "平电费费率", places=5, unit="CNY/kWh"),
    Scaled("flat_service_price", 4, "平服务费费率", places=5, unit="CNY/kWh"),
    Scaled("valley_energy_price", 4, "谷电费费率", places=5, unit="CNY/kWh"),
    Scaled("valley_service_price", 4, "谷服务费费率", places=5, unit="CNY/kWh"),
    Uint("loss_ratio", 1, "计损比例", note="platform does not support it yet: 0; unit not stated (E-LOSS)"),
    Repeat(
        "tariff_slots",
        "时段费率号",
        count=48,
        fields=(
            Choice(
                "tariff_no",
                1,
                "时段费率号",
                choices={
                    0x00: ("尖费率", "sharp"),
                    0x01: ("峰费率", "peak"),
                    0x02: ("平费率", "flat"),
                    0x03: ("谷费率", "valley"),
                },
            ),
        ),
        note=("item i (0..47) covers i*30 min .. (i+1)*30 min of the day: item 0 = 00:00-00:30, item 47 = 23:30-24:00"),
    ),
)

BILLING_MODEL_VERIFY = FrameType(
    code=0x05,
    name="billing_model_verify",
    title="计费模型验证请求",
    sender="pile",
    section="6.5",
    answered_by="billing_model_verify_reply",
    sent="主动请求，直到成功",
    purpose="after every successful login the pile has its billing model checked",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("billing_model_no", 2, "计费模型编号", note="zero on the first connection to the platform"),
    ),
)

BILLING_MODEL_VERIFY_REPLY = FrameType(
    code=0x06,
    name="billing_model_verify_reply",
    title="计费模型验证请求应答",
    sender="platform",
    section="6.6",
    sent="应答发送",
    purpose="tells the pile whether its billing model is current",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("billing_model_no", 2, "计费模型编号"),
        Choice(
            "verify_result",
            1,
            "验证结果",
            choices={
                0x00: ("桩计费模型与平台一致", "pile model equals platform model"),
                0x01: ("桩计费模型与平台不一致", "pile model differs from platform model"),
            },
        ),
    ),
)

BILLING_MODEL_REQUEST = FrameType(
    code=0x09,
    name="billing_model_request",
    title="充电桩计费模型请求",
    sender="pile",
    section="6.7",
    answered_by="billing_model_request_reply",
    sent="主动请求，直到成功",
    purpose="asks for the billing model when it differs; no charging until it succeeds",
    fields=(Bcd("pile_code", 7, "桩编号"),),
)

BILLING_MODEL_REQUEST_REPLY = FrameType(
    code=0x0A,
    name="billing_model_request_reply",
    title="计费模型请求应答",
    sender="platform",
    section="6.8",
    sent="应答发送",
    purpose="the tariff: four price pairs and 48 half-hour slots",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("billing_model_no", 2, "计费模型编号", note="fixed value: bytes 01 00 (E-BMNO)"),
        *PRICES_AND_SLOTS,
    ),
)

BILLING_MODEL_SET = FrameType(
    code=0x58,
    name="billing_model_set",
    title="计费模型设置",
    sender="platform",
    section="9.5",
    answered_by="billing_model_set_reply",
    sent="按需发送",
    purpose="pushes the tariff; same body as 0x0A",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("billing_model_no", 2, "计费模型编码"),
        *PRICES_AND_SLOTS,
    ),
)

BILLING_MODEL_SET_REPLY = FrameType(
    code=0x57,
    name="billing_model_set_reply",
    title="计费模型应答",
    sender="pile",
    section="9.6",
    sent="按需发送",
    purpose="result of the setting",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Choice("set_result", 1, "设置结果", choices={0x00: ("失败", "failure"), 0x01: ("成功", "success")}),
    ),
)

FRAMES = (
    BILLING_MODEL_VERIFY,
    BILLING_MODEL_VERIFY_REPLY,
    BILLING_MODEL_REQUEST,
    BILLING_MODEL_REQUEST_REPLY,
    BILLING_MODEL_SET,
    BILLING_MODEL_SET_REPLY,
)
