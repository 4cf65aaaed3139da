"""What car and charger tell each other by GB/T 27930 (7.3 to 7.5, 7.9, 7.10)."""

from harness.core.fields import Bcd, Choice, Opaque, Scaled, Uint
from harness.core.frame import FrameType
from harness.core.parts import Bit, Bits
from harness.core.texts import Text

STATE = {0x00: ("正常", "normal"), 0x01: ("异常", "abnormal"), 0x02: ("不可信状态", "not trustworthy")}

CHARGE_HANDSHAKE = FrameType(
    code=0x15,
    name="charge_handshake",
    title="充电握手",
    sender="pile",
    section="7.3",
    sent="主动上送",
    purpose="values of the GB/T 27930 handshake phase",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Opaque(
            "bms_protocol_version",
            3,
            "BMS 通信协议版本号",
            note="V1.1 = byte3,byte2: 0x0001, byte1: 0x01; byte1 first on the wire: 01 01 00",
        ),
        Choice(
            "battery_type",
            1,
            "BMS 电池类型",
            choices={
                0x00: ("未给出", "not given (not listed in the document; seen in practice)"),
                0x01: ("铅酸电池", "lead-acid"),
                0x02: ("氢电池", "(nickel-metal) hydride"),
                0x03: ("磷酸铁锂电池", "lithium iron phosphate"),
                0x04: ("锰酸锂电池", "lithium manganate"),
                0x05: ("钴酸锂电池", "lithium cobaltate"),
                0x06: ("三元材料电池", "ternary lithium"),
                0x07: ("聚合物锂离子电池", "polymer lithium-ion"),
                0x08: ("钛酸锂电池", "lithium titanate"),
                0xFF: ("其他", "other"),
            },
        ),
        Scaled("battery_rated_capacity", 2, "BMS 整车动力蓄电池系统额定容量", places=1, unit="Ah"),
        Scaled("battery_rated_voltage", 2, "BMS 整车动力蓄电池系统额定总电压", places=1, unit="V"),
        Text("battery_manufacturer", 4, "BMS 电池生产厂商名称", note="standard ASCII"),
        Uint("battery_pack_no", 4, "BMS 电池组序号", note="reserved, defined by the manufacturer"),
        Uint("battery_production_year", 1, "BMS 电池组生产日期年", offset=1985, range=(1985, 2235), unit="year"),
        Uint("battery_production_month", 1, "BMS 电池组生产日期月", range=(1, 12), unit="month"),
        Uint("battery_production_day", 1, "BMS 电池组生产日期日", range=(1, 31), unit="day"),
        Uint("battery_charge_count", 3, "BMS 电池组充电次数", unit="times", note="as counted by the BMS"),
        Choice(
            "battery_ownership",
            1,
            "BMS 电池组产权标识",
            choices={0x00: ("租赁", "leased"), 0x01: ("车自有", "owned with the vehicle")},
        ),
        Uint("reserved", 1, "预留位"),
        Text("vin", 17, "BMS 车辆识别码", note="VIN; no order stated, natural order (E-VIN)"),
        Opaque(
            "bms_software_version",
            8,
            "BMS 软件版本号",
            note=(
                "byte1: running number 01-FE; byte2: day 01-1F; byte3: month 01-0C; byte5,byte4: year "
                "0001-FFFE; byte8-byte6: reserved, fill FFFFFF; byte1 first (E-BMSVER)"
            ),
        ),
    ),
)

CHARGE_PARAMETER_CONFIG = FrameType(
    code=0x17,
    name="charge_parameter_config",
    title="参数配置",
    sender="pile",
    section="7.4",
    sent="主动上送",
    purpose="values of the GB/T 27930 parameter phase",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Scaled("cell_max_allowed_voltage", 2, "BMS 单体动力蓄电池最高允许充电电压", places=2, range=(0, 24), unit="V"),
        Scaled("bms_max_allowed_current", 2, "BMS 最高允许充电电流", places=1, offset=-400, unit="A"),
        Scaled("battery_nominal_energy", 2, "BMS 动力蓄电池标称总能量", places=1, range=(0, 1000), unit="kWh"),
        Scaled("bms_max_allowed_voltage", 2, "BMS 最高允许充电总电压", places=1, unit="V"),
        Uint("bms_max_allowed_temperature", 1, "BMS 最高允许温度", offset=-50, range=(-50, 200), unit="°C"),
        Scaled("battery_soc", 2, "BMS 整车动力蓄电池荷电状态(soc)", places=1, range=(0, 100), unit="%"),
        Scaled(
            "battery_voltage",
            2,
            "BMS 整车动力蓄电池当前电池电压",
            places=1,
            unit="V",
            note="total voltage of the vehicle battery; scale not printed, 0.1 V/bit assumed (E-SCALE)",
        ),
        Scaled("pile_max_output_voltage", 2, "电桩最高输出电压", places=1, unit="V"),
        Scaled("pile_min_output_voltage", 2, "电桩最低输出电压", places=1, unit="V"),
        Scaled("pile_max_output_current", 2, "电桩最大输出电流", places=1, offset=-400, unit="A"),
        Scaled("pile_min_output_current", 2, "电桩最小输出电流", places=1, offset=-400, unit="A"),
    ),
)

CHARGE_END = FrameType(
    code=0x19,
    name="charge_end",
    title="充电结束",
    sender="pile",
    section="7.5",
    sent="主动上送",
    purpose="values of the GB/T 27930 end phase",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Uint("end_soc", 1, "BMS 中止荷电状态 SOC", range=(0, 100), unit="%"),
        Scaled("cell_min_voltage", 2, "BMS 动力蓄电池单体最低电压", places=2, range=(0, 24), unit="V"),
        Scaled("cell_max_voltage", 2, "BMS 动力蓄电池单体最高电压", places=2, range=(0, 24), unit="V"),
        Uint("battery_min_temperature", 1, "BMS 动力蓄电池最低温度", offset=-50, range=(-50, 200), unit="°C"),
        Uint("battery_max_temperature", 1, "BMS 动力蓄电池最高温度", offset=-50, range=(-50, 200), unit="°C"),
        Uint("charging_time", 2, "电桩累计充电时间", range=(0, 600), unit="min"),
        Scaled("pile_output_energy", 2, "电桩输出能量", places=1, range=(0, 1000), unit="kWh"),
        Uint(
            "charger_no",
            4,
            "电桩充电机编号",
            offset=1,
            note="printed range 0 - 0xFFFFFFFF although the offset is 1 (E-SCALE)",
        ),
    ),
)

BMS_DEMAND_CHARGER_OUTPUT = FrameType(
    code=0x23,
    name="bms_demand_charger_output",
    title="充电过程 BMS 需求与充电机输出",
    sender="pile",
    section="7.9",
    sent="周期上送（15 秒）",
    purpose="BMS demand (BCL, BCS) and charger output (CCS)",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Scaled("bms_voltage_demand", 2, "BMS 电压需求", places=1, unit="V"),
        Scaled("bms_current_demand", 2, "BMS 电流需求", places=1, offset=-400, unit="A"),
        Choice(
            "bms_charge_mode",
            1,
            "BMS 充电模式",
            choices={
                0x00: ("未给出", "not given (not listed in the document; seen in practice)"),
                0x01: ("恒压充电", "constant voltage"),
                0x02: ("恒流充电", "constant current"),
            },
        ),
        Scaled("bms_measured_voltage", 2, "BMS 充电电压测量值", places=1, unit="V"),
        Scaled("bms_measured_current", 2, "BMS 充电电流测量值", places=1, offset=-400, unit="A"),
        Bits(
            "bms_max_cell",
            2,
            "BMS 最高单体动力蓄电池电压及组号",
            bits=(
                Bit("cell_max_voltage", "最高单体动力蓄电池电压", 0, 12, places=2, unit="V"),
                Bit("cell_max_voltage_group", "最高单体动力蓄电池电压所在组号", 12, 4),
            ),
        ),
        Uint("soc", 1, "BMS 当前荷电状态 SOC（ %）", range=(0, 100), unit="%"),
        Uint("bms_remaining_time", 2, "BMS 估算剩余充电时间", range=(0, 600), unit="min"),
        Scaled("pile_output_voltage", 2, "电桩电压输出值", places=1, unit="V"),
        Scaled("pile_output_current", 2, "电桩电流输出值", places=1, offset=-400, unit="A"),
        Uint("charging_time", 2, "累计充电时间", range=(0, 600), unit="min"),
    ),
)

BMS_INFO = FrameType(
    code=0x25,
    name="bms_info",
    title="充电过程 BMS 信息",
    sender="pile",
    section="7.10",
    sent="周期上送（15 秒）",
    purpose="battery status (GB/T 27930 BSM)",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Uint("cell_max_voltage_no", 1, "BMS 最高单体动力蓄电池电压所在编号", offset=1, range=(1, 256)),
        Uint("battery_max_temperature", 1, "BMS 最高动力蓄电池温度", offset=-50, range=(-50, 200), unit="°C"),
        Uint("max_temperature_point_no", 1, "最高温度检测点编号", offset=1, range=(1, 128)),
        Uint("battery_min_temperature", 1, "最低动力蓄电池温度", offset=-50, range=(-50, 200), unit="°C"),
        Uint("min_temperature_point_no", 1, "最低动力蓄电池温度检测点编号", offset=1, range=(1, 128)),
        Bits(
            "battery_status_1",
            1,
            "（序号 9-12）",
            bits=(
                Bit(
                    "cell_voltage_state",
                    "BMS 单体动力蓄电池电压过高/过低",
                    0,
                    2,
                    choices={0x00: ("正常", "normal"), 0x01: ("过高", "too high"), 0x02: ("过低", "too low")},
                ),
                Bit(
                    "soc_state",
                    "BMS 整车动力蓄电池荷电状态 SOC 过高/过低",
                    2,
                    2,
                    choices={0x00: ("正常", "normal"), 0x01: ("过高", "too high"), 0x02: ("过低", "too low")},
                ),
                Bit(
                    "over_current_state",
                    "BMS 动力蓄电池充电过电流",
                    4,
                    2,
                    choices={
                        0x00: ("正常", "normal"),
                        0x01: ("过流", "over-current"),
                        0x02: ("不可信状态", "not trustworthy"),
                    },
                ),
                Bit(
                    "over_temperature_state",
                    "BMS 动力蓄电池温度过高",
                    6,
                    2,
                    choices=STATE,
                    note="01 is printed as over-current here too, a copy of row 11 (E-BSM)",
                ),
            ),
        ),
        Bits(
            "battery_status_2",
            1,
            "（序号 13-16）",
            bits=(
                Bit(
                    "insulation_state",
                    "BMS 动力蓄电池绝缘状态",
                    0,
                    2,
                    choices=STATE,
                    note="01 is printed as over-current here too, a copy of row 11 (E-BSM)",
                ),
                Bit(
                    "output_connector_state",
                    "BMS 动力蓄电池组输出连接器连接状态",
                    2,
                    2,
                    choices=STATE,
                    note="01 is printed as over-current here too, a copy of row 11 (E-BSM)",
                ),
                Bit(
                    "charge_permission",
                    "充电禁止",
                    4,
                    2,
                    choices={0x00: ("禁止", "forbidden"), 0x01: ("允许", "allowed")},
                ),
                Bit("reserved_16", "预留位", 6, 2, note="00"),
            ),
        ),
    ),
)

FRAMES = (CHARGE_HANDSHAKE, CHARGE_PARAMETER_CONFIG, CHARGE_END, BMS_DEMAND_CHARGER_OUTPUT, BMS_INFO)
