"""What a gun is doing (7.1, 7.2)."""

from harness.core.fields import Bcd, Choice, Opaque, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.parts import Bit, Bits

REALTIME_READ = FrameType(
    code=0x12,
    name="realtime_read",
    title="读取实时监测数据",
    sender="platform",
    section="7.1",
    answered_by="realtime_data",
    sent="主动请求",
    purpose="the platform asks for a 0x13",
    fields=(
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
    ),
)

REALTIME_DATA = FrameType(
    code=0x13,
    name="realtime_data",
    title="上传实时监测数据",
    sender="pile",
    section="7.2",
    sent="周期上送、变位上送、召唤",
    purpose="state and meter values of one gun; period 5 min idle, 15 s charging",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Choice(
            "status",
            1,
            "状态",
            choices={
                0x00: ("离线", "offline"),
                0x01: ("故障", "fault"),
                0x02: ("空闲", "idle"),
                0x03: ("充电", "charging"),
            },
            note="sent at once on change",
        ),
        Choice(
            "gun_homed",
            1,
            "枪是否归位",
            choices={0x00: ("否", "no"), 0x01: ("是", "yes"), 0x02: ("未知", "unknown")},
            note="gun back in its holder; 2 when the pile has no sensor for it",
        ),
        Choice(
            "gun_plugged",
            1,
            "是否插枪",
            choices={0x00: ("否", "no"), 0x01: ("是", "yes")},
            note="sent at once on change",
        ),
        Scaled("output_voltage", 2, "输出电压", places=1, unit="V"),
        Scaled("output_current", 2, "输出电流", places=1, unit="A"),
        Uint("gun_cable_temperature", 1, "枪线温度", offset=-50, unit="°C"),
        Opaque("gun_cable_code", 8, "枪线编码", note="zero when there is none"),
        Uint("soc", 1, "SOC", unit="%"),
        Uint("battery_max_temperature", 1, "电池组最高温度", offset=-50, unit="°C"),
        Uint("charging_time", 2, "累计充电时间", unit="min"),
        Uint("remaining_time", 2, "剩余时间", unit="min"),
        Scaled("energy", 4, "充电度数", places=4, unit="kWh"),
        Scaled("loss_energy", 4, "计损充电度数", places=4, unit="kWh", note="equals energy when no loss ratio is set"),
        Scaled("amount", 4, "已充金额", places=4, unit="CNY", note="(energy price + service price) * loss_energy"),
        Bits(
            "hardware_fault",
            2,
            "硬件故障",
            bits=(
                Bit("emergency_stop", "急停按钮动作故障", 0),
                Bit("no_rectifier_module", "无可用整流模块", 1),
                Bit("outlet_over_temperature", "出风口温度过高", 2),
                Bit("ac_surge_protection_fault", "交流防雷故障", 3),
                Bit("acdc_module_dc20_comm_lost", "交直流模块 DC20 通信中断", 4),
                Bit("insulation_module_fc08_comm_lost", "绝缘检测模块 FC08 通信中断", 5),
                Bit("meter_comm_lost", "电度表通信中断", 6),
                Bit("card_reader_comm_lost", "读卡器通信中断", 7),
                Bit("rc10_comm_lost", "RC10 通信中断", 8),
                Bit("fan_speed_board_fault", "风扇调速板故障", 9),
                Bit("dc_fuse_fault", "直流熔断器故障", 10),
                Bit("hv_contactor_fault", "高压接触器故障", 11),
                Bit("door_open", "门打开", 12),
                Bit("undefined", "（未定义）", 13, 3, note="not defined; send 0, ignore on receipt"),
            ),
            note="0 = no, 1 = yes; counted from the low bit: Bit1 = 0x0001 (E-BIT1)",
        ),
    ),
)

FRAMES = (REALTIME_READ, REALTIME_DATA)
