"""Why car or charger ended the exchange by GB/T 27930 (7.6 to 7.8)."""

from harness.core.fields import Bcd
from harness.core.frame import FrameType
from harness.core.parts import Bit, Bits

YES_NO = {0x00: ("否", "no"), 0x01: ("是", "yes"), 0x02: ("不可信状态", "not trustworthy")}
TIMEOUT = {0x00: ("正常", "normal"), 0x01: ("超时", "timeout"), 0x02: ("不可信状态", "not trustworthy")}

ERROR_REPORT = FrameType(
    code=0x1B,
    name="error_report",
    title="错误报文",
    sender="pile",
    section="7.6",
    sent="主动上送",
    purpose="GB/T 27930 error messages: rows 4-14 seen by the BMS (BEM), rows 15-25 seen by the charger (CEM)",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bits(
            "bms_err_identification",
            1,
            "（序号 4-6）",
            bits=(
                Bit("crm_00_timeout", "接收 SPN2560=0x00 的充电机辨识报文超时", 0, 2, choices=TIMEOUT),
                Bit("crm_aa_timeout", "接收 SPN2560=0xAA 的充电机辨识报文超时", 2, 2, choices=TIMEOUT),
                Bit("reserved_6", "预留位", 4, 4, note="0000"),
            ),
        ),
        Bits(
            "bms_err_parameter",
            1,
            "（序号 7-9）",
            bits=(
                Bit("cts_cml_timeout", "接收充电机的时间同步和充电机最大输出能力报文超时", 0, 2, choices=TIMEOUT),
                Bit("cro_timeout", "接收充电机完成充电准备报文超时", 2, 2, choices=TIMEOUT),
                Bit("reserved_9", "预留位", 4, 4, note="0000"),
            ),
        ),
        Bits(
            "bms_err_charging",
            1,
            "（序号 10-12）",
            bits=(
                Bit("ccs_timeout", "接收充电机充电状态报文超时", 0, 2, choices=TIMEOUT),
                Bit("cst_timeout", "接收充电机中止充电报文超时", 2, 2, choices=TIMEOUT),
                Bit("reserved_12", "预留位", 4, 4, note="0000"),
            ),
        ),
        Bits(
            "bms_err_end",
            1,
            "（序号 13-14）",
            bits=(
                Bit("csd_timeout", "接收充电机充电统计报文超时", 0, 2, choices=TIMEOUT),
                Bit("bms_other", "BMS 其他", 2, 6),
            ),
        ),
        Bits(
            "charger_err_identification",
            1,
            "（序号 15-16）",
            bits=(
                Bit("brm_timeout", "接收 BMS 和车辆的辨识报文超时", 0, 2, choices=TIMEOUT),
                Bit("reserved_16", "预留位", 2, 6),
            ),
        ),
        Bits(
            "charger_err_parameter",
            1,
            "（序号 17-19）",
            bits=(
                Bit("bcp_timeout", "接收电池充电参数报文超时", 0, 2, choices=TIMEOUT),
                Bit("bro_timeout", "接收 BMS 完成充电准备报文超时", 2, 2, choices=TIMEOUT),
                Bit("reserved_19", "预留位", 4, 4),
            ),
        ),
        Bits(
            "charger_err_charging",
            1,
            "（序号 20-23）",
            bits=(
                Bit("bcs_timeout", "接收电池充电总状态报文超时", 0, 2, choices=TIMEOUT),
                Bit("bcl_timeout", "接收电池充电要求报文超时", 2, 2, choices=TIMEOUT),
                Bit("bst_timeout", "接收 BMS 中止充电报文超时", 4, 2, choices=TIMEOUT),
                Bit("reserved_23", "预留位", 6, 2),
            ),
        ),
        Bits(
            "charger_err_end",
            1,
            "（序号 24-25）",
            bits=(
                Bit("bsd_timeout", "接收 BMS 充电统计报文超时", 0, 2, choices=TIMEOUT),
                Bit("charger_other", "充电机其他", 2, 6),
            ),
        ),
    ),
)

BMS_ABORT = FrameType(
    code=0x1D,
    name="bms_abort",
    title="充电阶段 BMS 中止",
    sender="pile",
    section="7.7",
    sent="主动上送",
    purpose="the BMS ended the charge (GB/T 27930 BST)",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bits(
            "bms_abort_reason",
            1,
            "BMS 中止充电原因",
            bits=(
                Bit("target_soc_reached", "所需求的 SOC 目标值", 0, 2, choices=YES_NO),
                Bit("total_voltage_reached", "达到总电压的设定值", 2, 2, choices=YES_NO),
                Bit("cell_voltage_reached", "达到单体电压设定值", 4, 2, choices=YES_NO),
                Bit("charger_aborted", "充电机主动中止", 6, 2, choices=YES_NO),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
        Bits(
            "bms_abort_fault",
            2,
            "BMS 中止充电故障原因",
            bits=(
                Bit("insulation_fault", "绝缘故障", 0, 2, choices=YES_NO),
                Bit("output_connector_over_temperature", "输出连接器过温故障", 2, 2, choices=YES_NO),
                Bit("bms_element_over_temperature", "BMS 元件、输出连接器过温", 4, 2, choices=YES_NO),
                Bit("charge_connector_fault", "充电连接器故障", 6, 2, choices=YES_NO),
                Bit("battery_over_temperature", "电池组温度过高故障", 8, 2, choices=YES_NO),
                Bit("hv_relay_fault", "高压继电器故障", 10, 2, choices=YES_NO),
                Bit("check_point_2_voltage_fault", "检测点 2 电压检测故障", 12, 2, choices=YES_NO),
                Bit("other_fault", "其他故障", 14, 2, choices=YES_NO),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
        Bits(
            "bms_abort_error",
            1,
            "BMS 中止充电错误原因",
            bits=(
                Bit("over_current", "电流过大", 0, 2, choices=YES_NO),
                Bit("voltage_abnormal", "电压异常", 2, 2, choices=YES_NO),
                Bit("reserved", "预留位", 4, 4),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
    ),
)

CHARGER_ABORT = FrameType(
    code=0x21,
    name="charger_abort",
    title="充电阶段充电机中止",
    sender="pile",
    section="7.8",
    sent="主动上送",
    purpose="the charger ended the charge (GB/T 27930 CST)",
    fields=(
        Bcd("transaction_serial", 16, "交易流水号", note="rule R-TS-1"),
        Bcd("pile_code", 7, "桩编号"),
        Bcd("gun_no", 1, "枪号"),
        Bits(
            "charger_abort_reason",
            1,
            "充电机 中止充电原因",
            bits=(
                Bit("condition_reached", "达到充电机设定的条件中止", 0, 2, choices=YES_NO),
                Bit("manual", "人工中止", 2, 2, choices=YES_NO),
                Bit("abnormal", "异常中止", 4, 2, choices=YES_NO),
                Bit("bms_aborted", "BMS 主动中止", 6, 2, choices=YES_NO),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
        Bits(
            "charger_abort_fault",
            2,
            "充电机 中止充电故障原因",
            bits=(
                Bit("charger_over_temperature", "充电机过温故障", 0, 2, choices=YES_NO),
                Bit("charge_connector_fault", "充电连接器故障", 2, 2, choices=YES_NO),
                Bit("charger_internal_over_temperature", "充电机内部过温故障", 4, 2, choices=YES_NO),
                Bit("energy_not_deliverable", "所需电量不能传送", 6, 2, choices=YES_NO),
                Bit("charger_emergency_stop", "充电机急停故障", 8, 2, choices=YES_NO),
                Bit("other_fault", "其他故障", 10, 2, choices=YES_NO),
                Bit("reserved", "预留位", 12, 4),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
        Bits(
            "charger_abort_error",
            1,
            "充电机 中止充电错误原因",
            bits=(
                Bit("current_mismatch", "电流不匹配", 0, 2, choices=YES_NO),
                Bit("voltage_abnormal", "电压异常", 2, 2, choices=YES_NO),
                Bit("reserved", "预留位", 4, 4),
            ),
            note="2-bit values are not printed; GB/T 27930: 00 no, 01 yes, 10 not trustworthy (E-BSM)",
        ),
    ),
)

FRAMES = (ERROR_REPORT, BMS_ABORT, CHARGER_ABORT)
