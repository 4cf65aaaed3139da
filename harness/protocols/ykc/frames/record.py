"""The transaction record and its confirmation (8.7, 8.8)."""

from harness.core.fields import Bcd, Choice, Opaque, Scaled
from harness.core.frame import FrameType
from harness.core.texts import Text
from harness.protocols.ykc.codes import STOP_REASONS
from harness.protocols.ykc.kinds import Cp56Time2a

TRANSACTION_RECORD = FrameType(
    code=0x3B,
    name="transaction_record",
    title="交易记录",
    sender="pile",
    section="8.7",
    answered_by="transaction_record_confirm",
    sent="主动上送",
    purpose="the bill of one charge",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Cp56Time2a("start_time", "开始时间"),
        Cp56Time2a("end_time", "结束时间"),
        Scaled("sharp_unit_price", 4, "尖单价", places=5, unit="CNY/kWh", note="energy price + service price"),
        Scaled("sharp_energy", 4, "尖电量", places=4, unit="kWh"),
        Scaled("sharp_loss_energy", 4, "计损尖电量", places=4, unit="kWh"),
        Scaled("sharp_amount", 4, "尖金额", places=4, unit="CNY"),
        Scaled("peak_unit_price", 4, "峰单价", places=5, unit="CNY/kWh", note="energy price + service price"),
        Scaled("peak_energy", 4, "峰电量", places=4, unit="kWh"),
        Scaled("peak_loss_energy", 4, "计损峰电量", places=4, unit="kWh"),
        Scaled("peak_amount", 4, "峰金额", places=4, unit="CNY"),
        Scaled("flat_unit_price", 4, "平单价", places=5, unit="CNY/kWh", note="energy price + service price"),
        Scaled("flat_energy", 4, "平电量", places=4, unit="kWh"),
        Scaled("flat_loss_energy", 4, "计损平电量", places=4, unit="kWh"),
        Scaled("flat_amount", 4, "平金额", places=4, unit="CNY"),
        Scaled("valley_unit_price", 4, "谷单价", places=5, unit="CNY/kWh", note="energy price + service price"),
        Scaled("valley_energy", 4, "谷电量", places=4, unit="kWh"),
        Scaled("valley_loss_energy", 4, "计损谷电量", places=4, unit="kWh"),
        Scaled("valley_amount", 4, "谷金额", places=4, unit="CNY"),
        Scaled("meter_start", 5, "电表总起值", places=4, unit="kWh"),
        Scaled("meter_end", 5, "电表总止值", places=4, unit="kWh"),
        Scaled("total_energy", 4, "总电量", places=4, unit="kWh"),
        Scaled("total_loss_energy", 4, "计损总电量", places=4, unit="kWh"),
        Scaled("total_amount", 4, "消费金额", places=4, unit="CNY", note="energy fee and service fee together"),
        Text("vin", 17, "电动汽车唯一标识", note="VIN in natural order, no reversal, no zero padding needed"),
        Choice(
            "trade_flag",
            1,
            "交易标识",
            choices={
                0x01: ("app 启动", "app start"),
                0x02: ("卡启动", "card start"),
                0x04: ("离线卡启动", "offline card start"),
                0x05: ("vin 码启动充电", "VIN start"),
            },
            note="0x03 is not assigned",
        ),
        Cp56Time2a("trade_time", "交易日期、时间"),
        Choice(
            "stop_reason",
            1,
            "停止原因",
            choices=STOP_REASONS,
            note='codes in chapter 7 (13.1 of the document; printed as "11.1")',
        ),
        Opaque("physical_card_no", 8, "物理卡号", note="8 raw bytes, zero-filled on the left (E-CARD)"),
    ),
)

TRANSACTION_RECORD_CONFIRM = FrameType(
    code=0x40,
    name="transaction_record_confirm",
    title="交易记录确认",
    sender="platform",
    section="8.8",
    sent="应答发送",
    purpose="the record has arrived; says nothing about its settlement",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Choice(
            "confirm_result",
            1,
            "确认结果",
            choices={0x00: ("上传成功", "upload successful"), 0x01: ("非法账单", "illegal bill")},
        ),
    ),
)

FRAMES = (TRANSACTION_RECORD, TRANSACTION_RECORD_CONFIRM)
