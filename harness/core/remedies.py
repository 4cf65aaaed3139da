"""What to do about findings, Chinese and English side by side; wording.py fills them in."""

from __future__ import annotations

from harness.core import link_words
from harness.core.pairs import Pair

# What to do about it; only findings that are not a pass need one.
REMEDIES: dict[str, Pair] = {
    "energy_mismatch": (
        "核对桩的价格段起止时间是否与平台计费模型相同，分段电量之和、总电量、电表差是否一致。",
        "Check that the pile's tariff periods equal ours, and that parts, total and meter difference agree.",
    ),
    "amount_mismatch": (
        "核对桩的价格段和各段单价（电费+服务费）是否与平台计费模型相同，小数位和舍入是否正确。",
        "Check that the pile's periods and unit prices (energy + service fee) equal ours, with places and rounding.",
    ),
    "no_energy": (
        "确认负载或车辆已连接，桩是否真的输出了电流，再重试。",
        "Check that the load or car is connected and that the pile really puts out current, then try again.",
    ),
    "stopped_by_other": (
        "此场景只能由平台停止：检查桩、车或负载为何先停，再重试。",
        "Only the platform may stop in this case: find out why pile, car or load stopped first, then try again.",
    ),
    "no_split": (
        "检查程序是否按价格段拆分电量，桩的时间是否正确（看对时应答 0x55）。",
        "Does the program split energy by period? Is the pile's clock right (see the time reply 0x55)?",
    ),
    "energy_rounding": (
        "检查电量的舍入，分段之和应等于总电量。",
        "Check the rounding: the parts should add up to the total.",
    ),
    "no_meter": (
        "如果桩装有电表，请上送电表总起值和总止值。",
        "If the pile has a meter, send its start and end readings.",
    ),
    "no_curve": ("检查充电中每 15 秒的 0x13 是否上送。", "Check that 0x13 is sent every 15 s while charging."),
    "no_start_reply": (
        "检查桩是否收到 0x34 并用 0x33 应答。",
        "Check that the pile receives 0x34 and answers with 0x33.",
    ),
    "start_refused": (
        "按桩给出的原因处理（枪是否插好、有无故障），再重试。",
        "Act on the reason given (gun plugged? fault?), then try again.",
    ),
    "start_failed": (
        "按停止原因检查桩、车或负载，再重试。",
        "Check pile, car or load by the stop reason, then try again.",
    ),
    "charging_late": (
        "启动后 90 秒内要上送状态为充电的 0x13。",
        "Within 90 s of the start a 0x13 with status charging is due.",
    ),
    "restarted": (
        "如果每次都要重新插枪才能启动，请检查桩的状态恢复。",
        "If each start needs a replug, check how the pile recovers.",
    ),
    "vin_not_reversed": ("0x31 中的 VIN 应反序上送（R-AU-2）。", "The VIN in 0x31 is sent in reverse order (R-AU-2)."),
    "ask_start_missing": (
        "检查读卡器或 VIN 启动功能，桩应上送 0x31。",
        "Check card reader or VIN start: the pile should send 0x31.",
    ),
    "card_unknown": (
        "用登记的卡再刷一次，或把登记的卡号改为刷出的卡号。",
        "Swipe the registered card, or register the number shown.",
    ),
    "vin_unknown": ("核对 VIN，或把登记的 VIN 改为上送的 VIN。", "Check the VIN, or register the one that was sent."),
    "card_cut": (
        "0x31 要带读卡器读到的完整物理卡号，左边补零到 8 字节。",
        "0x31 carries the whole physical card number as it is read, zero-filled on the left to 8 bytes.",
    ),
    "card_decimal": (
        "0x31 要带读卡器读到的物理卡号原始字节，不换算成十进制。",
        "0x31 carries the bytes of the physical card number as they are read, not converted to decimal.",
    ),
    "vin_cut": (
        "0x31 要带完整的 17 位 VIN，反序上送。",
        "0x31 carries all 17 characters of the VIN, in reverse order.",
    ),
    "ended_early": ("检查桩或车为何自行结束充电。", "Find out why pile or car ended the charge."),
    "idle_while_charging": (
        "充电中的枪不能上报空闲，检查状态上送。",
        "A charging gun must not report idle: check the status.",
    ),
    "serial_changed": (
        "一次充电从启动到记录只用一个交易流水号。",
        "One charge keeps one transaction serial from start to record.",
    ),
    "no_stop_reply": (
        "检查桩是否收到 0x36 并用 0x35 应答成功。",
        "Check that the pile receives 0x36 and answers 0x35 with success.",
    ),
    "estop_reason_wrong": (
        "急停后停止原因应为 0x72（启动中为 0x50）。",
        "After an emergency stop the reason is 0x72 (0x50 while starting).",
    ),
    "estop_not_cleared": (
        "检查急停是否松开，故障位是否随之清除。",
        "Is the button released, and is the fault bit cleared with it?",
    ),
    "estop_not_reported": (
        "按下急停时 0x13 硬件故障的急停位应置 1。",
        "While pressed, the emergency stop bit in 0x13 should be 1.",
    ),
    "record_missing": (
        "充电结束后 30 秒内要上送 0x3B，未确认时要重发。",
        "0x3B is due within 30 s of the end, and again until confirmed.",
    ),
    "record_late": ("充电结束后 30 秒内要上送 0x3B。", "0x3B is due within 30 s of the end."),
    "trade_flag_wrong": (
        "APP 启动为 1，刷卡为 2，离线卡为 4，VIN 为 5。",
        "App start is 1, card 2, offline card 4, VIN 5.",
    ),
    "times_wrong": ("检查桩的时钟和 CP56Time2a 编码。", "Check the pile's clock and its CP56Time2a encoding."),
    "card_wrong": ("记录的物理卡号应与刷卡时相同。", "The record's physical card number is the one that was swiped."),
    "card_otherwise": (
        "同一张卡在 0x31 和交易记录中写法应一致。",
        "One card has the same bytes in 0x31 and in the record.",
    ),
    "vin_wrong": ("记录中的 VIN 用正序，不反转。", "The VIN in the record is in natural order, not reversed."),
    "tariff_refused": (
        "检查桩如何处理 0x0A 和 0x58，为何不接受。",
        "Check how the pile handles 0x0A and 0x58, and why it refuses.",
    ),
    "tariff_simple": ("检查桩能否处理 48 个半小时时段。", "Check whether the pile can handle 48 half-hour slots."),
    "clock_not_followed": ("检查桩是否按 0x56 设置时钟。", "Check that the pile sets its clock by 0x56."),
    "clock_not_moved": ("另一把枪空闲时重试会更快。", "It is quicker while the other gun is idle."),
    "boundary_not_reached": (
        "重试；如果再次发生，检查桩的时钟。",
        "Try again; if it happens again, check the pile's clock.",
    ),
    "qr_no_reply": (
        "检查二维码报文的方言设置，桩是否应答。",
        "Check the QR dialect in the profile, and that the pile answers.",
    ),
    "qr_refused": ("检查桩为何拒绝二维码。", "Find out why the pile refuses the code."),
    "qr_refused_but_shown": ("检查应答的成功值。", "Check which value the reply uses for success."),
    "qr_wrong": (
        "核对枪号，检查二维码是否被截断或没有刷新。",
        "Is it the right gun's code, cut short, or not refreshed?",
    ),
    "qr_not_shown": (
        "检查桩是否收到二维码并显示在屏幕上。",
        "Check that the pile receives the code and shows it on its screen.",
    ),
    "qr_unreadable": ("靠近屏幕、避免反光，再拍一张。", "Come closer, avoid reflections, and take another picture."),
    "no_reboot_reply": (
        "检查桩是否收到 0x92 并用 0x91 应答成功。",
        "Check that the pile receives 0x92 and answers 0x91 with success.",
    ),
    "connection_not_lost": ("检查桩是否真的重启。", "Check that the pile really reboots."),
    "not_back": ("检查桩重启后的网络和登录。", "Check network and login of the pile after its restart."),
    "firmware_not_fetched": (
        "检查桩能否访问 {server}，防火墙和 FTP 客户端。",
        "Can the pile reach {server}? Check firewall and FTP client.",
    ),
    "firmware_login_failed": (
        "检查桩是否用 0x94 里的用户名和密码登录。",
        "The pile must log in with the user and password of 0x94.",
    ),
    "firmware_not_opened": ("检查桩是否用 0x94 里的文件路径下载。", "The pile must fetch the file path of 0x94."),
    "firmware_partial": (
        "检查网络和桩的存储空间，再重试。",
        "Check the network and the pile's storage, then try again.",
    ),
    "update_refused": ("按应答的升级状态处理。", "Act on the update status of the reply."),
    "no_update_reply": ("升级执行后要上送 0x93。", "0x93 is due once the update has been carried out."),
    "version_unchanged": (
        "确认固件文件与填写的版本相同，桩升级后应以新版本登录。",
        "Does the file hold the version typed in? The pile must log in with it.",
    ),
    "firmware_version_bad": ("重新填写版本。", "Give another version."),
    "serial_crossed": (
        "每把枪各用自己的流水号：按枪号保存 0x34 里的流水号。",
        "Each gun has a serial of its own: keep the one of 0x34 by gun number.",
    ),
    "record_crossed": (
        "交易记录按枪号取流水号和数据，两把枪不要共用一份。",
        "Make each record from what is kept for its own gun; two guns must not share it.",
    ),
    "energy_crossed": (
        "交易记录的电量取本枪的电表，两把枪不要共用一份。",
        "Take a record's energy from the meter of its own gun; two guns must not share it.",
    ),
    "other_stopped": ("0x36 只停它里面的枪号。", "0x36 stops the gun that it names, and no other."),
    "rest_moves": (
        "0x13 的电量取本枪的电表；空闲时应为 0。",
        "Take the energy in 0x13 from the gun's own meter; at rest it should be 0.",
    ),
    "estop_one_gun": (
        "急停要断开所有枪的输出，每把枪都要上送交易记录。",
        "The emergency stop cuts all guns off, and each sends its record.",
    ),
    "resumed": (
        "重启会结束充电：上送记录，枪回到空闲。",
        "A reboot ends the charge: send its record, and let the gun be idle.",
    ),
    "frame_late": ("检查桩是否上送{frame}。", "Check that the pile sends {frame}."),
    "frame_differs": ("检查此字段的取值。", "Check the value of this field."),
    "frame_tolerated": ("可以接受，建议核对。", "Accepted; worth a look."),
    "crc_order": ("建议低字节在前发送（文档 3.1）。", "Better send the low byte first (section 3.1)."),
    "act_not_seen": (
        "再试一次，做完等这一页自己关闭；确实做了而桩没有报，请检查桩的上报。",
        "Try again and wait until the page closes by itself; if it was really done, check what the pile reports.",
    ),
    "gun_pulled": (
        "充电中不要拔枪，重新插好再试。",
        "Do not pull the gun while it charges; plug it in again, then try again.",
    ),
    "operator_silent": ("重试这个场景，按提示操作。", "Run this case again and do what the prompt says."),
    "operator_unable": ("准备好后重试这个场景。", "Run this case again when ready."),
    "no_operator": (
        "用 --operator ask 或 --operator 文件 再运行。",
        "Run again with --operator ask or --operator FILE.",
    ),
    "pile_offline": ("检查桩的网络、平台地址和桩编码。", "Check the pile's network, platform address and pile code."),
    "pile_lost": ("检查网络，再重试。", "Check the network, then try again."),
    "tariff_not_accepted": ("等桩完成计费模型请求后重试。", "Try again when the pile has fetched its billing model."),
    "still_charging": ("停止充电后重试。", "Stop the charge, then try again."),
    "loop_late": (
        "重试；减小 --speed，或换一台更快的机器。",
        "Try again, with a lower --speed or on a faster machine.",
    ),
    "aborted": ("重试这个场景。", "Run this case again."),
    "ended_by_us": ("不用改桩，重试这个场景。", "Nothing to mend at the pile; run this case again."),
    "harness_fault": ("请把报文日志交给平台。", "Please hand the frame log to the platform."),
    "not_played": ("重试这个场景。", "Run this case again."),
    "nothing_checked": ("重试这个场景。", "Run this case again."),
    "not_seen": ("重试这个场景。", "Run this case again."),
    "one_gun": ("不用处理。", "Nothing to do."),
    "not_declared": ("如果桩支持，请在型号登记里申报。", "If the pile supports it, declare it in its profile."),
    "bench_only": (
        "桩在试验场时，把登记里的场地改为试验场，再测。",
        "When the pile stands on a bench, change its site to bench, then test.",
    ),
    **link_words.REMEDIES,
}
