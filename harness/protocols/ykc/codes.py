"""Codes that several frames share: states of a gun, ways to start, and why a charge stopped (section 13.1)."""

from __future__ import annotations

OFFLINE, FAULT, IDLE, CHARGING = 0, 1, 2, 3  # status of 0x13
NOT_PLUGGED = 5  # fail_reason of 0x33 and 0xA3: a success may still follow (R-ST-6)
START_CARD, START_ACCOUNT, START_VIN = 1, 2, 3  # start_mode of 0x31 and 0xA1
OFFLINE_CARD = 4  # trade_flag of 0x3B
AT_ONCE, WHEN_IDLE = 1, 2  # exec_control of 0x92 and 0x94
TRADE_FLAGS = {"app": 1, "card": 2, "offline_card": OFFLINE_CARD, "vin": 5}
APP_STOP = 0x40  # stop_reason of 0x3B
FAILED_STARTS = range(0x4A, 0x6A)  # stop reasons of a charge that never began

StopReasons = dict[int, tuple[str, str]]


def reserved(first: int, last: int, zh: str, en: str) -> StopReasons:
    """A range of codes the document keeps for later."""
    return dict.fromkeys(range(first, last + 1), (zh, en))


KEPT_FOR_LATER: StopReasons = {
    **reserved(0x46, 0x49, "其他方式（预留）", "other way (reserved)"),
    **reserved(0x58, 0x58, "预留", "reserved"),
    **reserved(0x65, 0x69, "（其他原因）预留", "other reasons (reserved)"),
    **reserved(0x78, 0x78, "预留", "reserved"),
    **reserved(0x8A, 0x8F, "（其他原因）预留", "other reasons (reserved)"),
}
LISTED: StopReasons = {
    0x00: ("无（文档未列）", "none (not listed in the document; 0x3B of a charge that never ran, see E-STOP)"),
    0x40: ("结束充电，APP 远程停止", "finished: stopped remotely by the app"),
    0x41: ("结束充电，SOC 达到 100%", "finished: SOC reached 100 %"),
    0x42: ("结束充电，充电电量满足设定条件", "finished: set energy reached"),
    0x43: ("结束充电，充电金额满足设定条件", "finished: set amount of money reached"),
    0x44: ("结束充电，充电时间满足设定条件", "finished: set charging time reached"),
    0x45: ("结束充电，手动停止充电", "finished: stopped by hand"),
    0x4A: (
        "充电启动失败，充电桩控制系统故障(需要重启或自动恢复)",
        ("start failed: fault of the pile control system (needs a restart or recovers by itself)"),
    ),
    0x4B: ("充电启动失败，控制导引断开", "start failed: control pilot open"),
    0x4C: ("充电启动失败，断路器跳位", "start failed: circuit breaker tripped"),
    0x4D: ("充电启动失败，电表通信中断", "start failed: meter communication lost"),
    0x4E: ("充电启动失败，余额不足", "start failed: balance too low"),
    0x4F: ("充电启动失败，充电模块故障", "start failed: charging module fault"),
    0x50: ("充电启动失败，急停开入", "start failed: emergency stop input active"),
    0x51: ("充电启动失败，防雷器异常", "start failed: surge protector abnormal"),
    0x52: ("充电启动失败，BMS 未就绪", "start failed: BMS not ready"),
    0x53: ("充电启动失败，温度异常", "start failed: temperature abnormal"),
    0x54: ("充电启动失败，电池反接故障", "start failed: battery polarity reversed"),
    0x55: ("充电启动失败，电子锁异常", "start failed: electronic lock abnormal"),
    0x56: ("充电启动失败，合闸失败", "start failed: contactor did not close"),
    0x57: ("充电启动失败，绝缘异常", "start failed: insulation abnormal"),
    0x59: ("充电启动失败，接收 BMS 握手报文 BHM 超时", "start failed: timeout waiting for BMS handshake BHM"),
    0x5A: (
        "充电启动失败，接收 BMS 和车辆的辨识报文超时 BRM",
        "start failed: timeout waiting for BMS/vehicle identification BRM",
    ),
    0x5B: (
        "充电启动失败，接收电池充电参数报文超时 BCP",
        "start failed: timeout waiting for battery charging parameters BCP",
    ),
    0x5C: ("充电启动失败，接收 BMS 完成充电准备报文超时 BRO AA", "start failed: timeout waiting for BMS ready BRO AA"),
    0x5D: (
        "充电启动失败，接收电池充电总状态报文超时 BCS",
        "start failed: timeout waiting for battery charging status BCS",
    ),
    0x5E: (
        "充电启动失败，接收电池充电要求报文超时 BCL",
        "start failed: timeout waiting for battery charging demand BCL",
    ),
    0x5F: (
        "充电启动失败，接收电池状态信息报文超时 BSM",
        "start failed: timeout waiting for battery status information BSM",
    ),
    0x60: (
        "充电启动失败，GB2015 电池在 BHM 阶段有电压不允许充电",
        ("start failed: GB2015, battery voltage present in the BHM phase, charging not allowed"),
    ),
    0x61: (
        "充电启动失败，GB2015 辨识阶段在 BRO_AA 时候电池实际电压与 BCP 报文电池电压差距大于 5%",
        (
            "start failed: GB2015, at BRO_AA in the identification phase the real battery "
            "voltage differs from the BCP voltage by more than 5 %"
        ),
    ),
    0x62: (
        "充电启动失败，GB2015 充电机在预充电阶段从 BRO_AA 变成 BRO_00 状态",
        ('start failed: GB2015 (printed "B2015"), BRO_AA changed to BRO_00 in the charger pre-charge phase'),
    ),
    0x63: ("充电启动失败，接收主机配置报文超时", "start failed: timeout waiting for the host configuration message"),
    0x64: (
        "充电启动失败，充电机未准备就绪,我们没有回 CRO AA，对应老国标",
        "start failed: charger not ready, no CRO AA was answered (old national standard)",
    ),
    0x6A: ("充电异常中止，系统闭锁", "abnormal stop: system interlock"),
    0x6B: ("充电异常中止，导引断开", "abnormal stop: pilot open"),
    0x6C: ("充电异常中止，断路器跳位", "abnormal stop: circuit breaker tripped"),
    0x6D: ("充电异常中止，电表通信中断", "abnormal stop: meter communication lost"),
    0x6E: ("充电异常中止，余额不足", "abnormal stop: balance too low"),
    0x6F: ("充电异常中止，交流保护动作", "abnormal stop: AC protection acted"),
    0x70: ("充电异常中止，直流保护动作", "abnormal stop: DC protection acted"),
    0x71: ("充电异常中止，充电模块故障", "abnormal stop: charging module fault"),
    0x72: ("充电异常中止，急停开入", "abnormal stop: emergency stop input active"),
    0x73: ("充电异常中止，防雷器异常", "abnormal stop: surge protector abnormal"),
    0x74: ("充电异常中止，温度异常", "abnormal stop: temperature abnormal"),
    0x75: ("充电异常中止，输出异常", "abnormal stop: output abnormal"),
    0x76: ("充电异常中止，充电无流", "abnormal stop: no charging current"),
    0x77: ("充电异常中止，电子锁异常", "abnormal stop: electronic lock abnormal"),
    0x79: ("充电异常中止，总充电电压异常", "abnormal stop: total charging voltage abnormal"),
    0x7A: ("充电异常中止，总充电电流异常", "abnormal stop: total charging current abnormal"),
    0x7B: ("充电异常中止，单体充电电压异常", "abnormal stop: cell charging voltage abnormal"),
    0x7C: ("充电异常中止，电池组过温", "abnormal stop: battery pack over-temperature"),
    0x7D: ("充电异常中止，最高单体充电电压异常", "abnormal stop: highest cell charging voltage abnormal"),
    0x7E: ("充电异常中止，最高电池组过温", "abnormal stop: highest battery pack temperature too high"),
    0x7F: ("充电异常中止，BMV 单体充电电压异常", "abnormal stop: BMV cell charging voltage abnormal"),
    0x80: ("充电异常中止，BMT 电池组过温", "abnormal stop: BMT battery pack over-temperature"),
    0x81: ("充电异常中止，电池状态异常停止充电", "abnormal stop: battery state abnormal"),
    0x82: ("充电异常中止，车辆发报文禁止充电", "abnormal stop: vehicle message forbids charging"),
    0x83: ("充电异常中止，充电桩断电", "abnormal stop: pile lost power"),
    0x84: ("充电异常中止，接收电池充电总状态报文超时", "abnormal stop: timeout waiting for battery charging status"),
    0x85: ("充电异常中止，接收电池充电要求报文超时", "abnormal stop: timeout waiting for battery charging demand"),
    0x86: ("充电异常中止，接收电池状态信息报文超时", "abnormal stop: timeout waiting for battery status information"),
    0x87: ("充电异常中止，接收 BMS 中止充电报文超时", "abnormal stop: timeout waiting for the BMS stop message"),
    0x88: ("充电异常中止，接收 BMS 充电统计报文超时", "abnormal stop: timeout waiting for the BMS charging statistics"),
    0x89: ("充电异常中止，接收对侧 CCS 报文超时", "abnormal stop: timeout waiting for CCS of the other side"),
    0x90: ("未知原因停止", "stopped for an unknown reason"),
}
STOP_REASONS: StopReasons = dict(sorted({**LISTED, **KEPT_FOR_LATER}.items()))


def stop_reason(code: int) -> tuple[str, str]:
    """What a stop reason means, zh and en; one that is not listed shows its code."""
    return STOP_REASONS.get(code, (f"未列出的停止原因 0x{code:02X}", f"stop reason 0x{code:02X}, not listed"))
