"""The words of the terminal itself, Chinese and English; sentences about findings stand in core/wording.py."""

from __future__ import annotations

from harness.core.pairs import Pair

WORDS: dict[str, Pair] = {
    "connect_here": (
        "请把桩的平台地址设为 {host}，端口 {port}，桩编码 {code}；等待登录，最多 {wait} 秒",
        "Point the pile at {host} port {port}, pile code {code}; waiting at most {wait} s for its login",
    ),
    "nobody_came": ("{wait} 秒内桩 {code} 没有登录：", "Pile {code} did not log in within {wait} s: "),
    "no_connection": (
        "没有任何连接到达，请检查桩里的平台地址和端口、网络和防火墙",
        "no connection arrived; check platform address and port in the pile, network and firewall",
    ),
    "only_connected": (
        "{peer} 连上了，但没有发出登录报文",
        "{peer} connected but sent no login",
    ),
    "refused": (
        "{peer} 的登录被拒绝，它的桩编码 {detail} 未登记；请核对桩里的桩编码和桩档案",
        "the login of {peer} was refused, its pile code {detail} is not registered; compare pile and profile",
    ),
    "unreadable": (
        "{peer} 发来的字节不成帧（{detail}），对方可能不是这种协议",
        "{peer} sent bytes that make no frame ({detail}); perhaps it speaks another protocol",
    ),
    "no_login": ("{peer} 没有登录就发来报文：{detail}", "{peer} sent a frame before any login: {detail}"),
    "case_begins": ("开始", "begins"),
    "left": ("剩余", "left"),
    "frames": ("报文 {n} 条", "{n} frames"),
    "running": ("进行中", "Running"),
    "waiting": ("未开始", "Not started"),
    "your_turn": ("请操作", "Your turn"),
    "within": ("{left} 之内，最晚 {time}", "within {left}, by {time}"),
    "how_done": ("做完后按回车；做不了请写明原因再回车", "Enter when done; if it cannot be done, type why"),
    "how_proved": (
        "桩上报后自动继续；没有反应再按回车；做不了请写明原因再回车",
        "Goes on by itself once the pile reports it; Enter if it does not; if it cannot be done, type why",
    ),
    "how_scan": (
        "拍下屏幕上的二维码，输入照片文件的路径；没有码请输入 none",
        "Take a picture of the code and type the path of the file; none if there is no code",
    ),
    "how_firmware": ("输入固件文件的路径", "Type the path of the firmware file"),
    "how_version": (
        "输入它的程序版本（最多 8 个 ASCII 字符）",
        "Type the program version it holds (at most 8 ASCII characters)",
    ),
    "proved": ("报文已证明，不用再按", "Proved by the frames; nothing more to do"),
    "closed": ("时间到，提示已关闭", "Time is over; this prompt is closed"),
    "answered": ("已回答，等待桩上报", "Answered; waiting for the pile to report it"),
    "for_login": ("等待桩登录", "Waiting for the pile to log in"),
    "which_case": ("第 {n} 个场景，共 {of} 个：{case}", "case {n} of {of}: {case}"),
    "nothing_asked": ("现在没有要做的事", "Nothing is asked of you now"),
    "no_code": (
        "照片里没有读到二维码，请靠近屏幕、避免反光再拍一张",
        "no QR code could be read in the picture; come closer, avoid reflections and take another",
    ),
    "no_file": ("没有文件 {path}", "there is no file {path}"),
    "unable": ("没有做：{why}", "not done: {why}"),
    "results": ("联调结果", "Results"),
    "case": ("场景", "Case"),
    "verdict": ("测试结果", "Result"),
    "sentence": ("一句话", "In a sentence"),
    "expected": ("应当", "expected"),
    "seen": ("看到", "seen"),
    "took": ("用时", "Took"),
    "kept": ("当时", "Then"),
    "again": ("现在", "Now"),
    "kept_rules": ("判定规则", "Verdict rules"),
    "audit": ("协议规范", "Audit"),
    "differs": ("差别", "Differences"),
    "rules_kept": ("协议规范", "protocol rules"),
    "rules_broken": ("违反了必须遵守的规则，退出码 1", "a rule that must be kept was broken: exit code 1"),
    "cases_failed": ("有场景未通过，退出码 1", "a case failed: exit code 1"),
    "none_applies": ("没有适用的场景，退出码 2", "no case applies: exit code 2"),
    "no_result": (
        "有场景没有结论，不怪桩，退出码 3",
        "a case has no result, which is not held against the pile: exit code 3",
    ),
    "not_as_it_was": ("有与当时不同之处，退出码 3", "something is not as it was: exit code 3"),
    "to_list": (
        "下面几行加到 --expect 的文件里，就算已知；写明原因，改好日期：",
        "add these lines to the file of --expect and they are known; say why and mend the day:",
    ),
    "say_why": ("写明原因", "say why"),
    "list_stale": (
        "已知问题清单已不符合实际，退出码 1",
        "the list of known failures is not true any more: exit code 1",
    ),
    "only_known": ("只有已知的问题，退出码 0", "nothing but known failures: exit code 0"),
    "session_same": ("整个会话重新核对，与当时一致", "the whole session audited again, as it was"),
    "session_other": ("整个会话重新核对，与当时不同：{what}", "the whole session audited again, not as it was: {what}"),
    "session_gone": (
        "会话日志已不在，没有重新核对",
        "the session's journal is gone: it was not audited again",
    ),
    "unplayed": ("没有执行", "not played"),
    "gapped": ("日志缺记录", "records are missing"),
    "by_rules": ("判定规则换过", "the rules have changed since"),
    "by_gaps": ("日志缺记录", "the journal lacks records"),
    "by_damage": ("规则相同，日志或结论被改过", "same rules: the journal or the verdict was altered"),
    "judged_same": ("{n} 个场景重新判定，结论都与当时一致", "{n} cases judged again, all as they were"),
    "judged_one": ("1 个场景重新判定，结论与当时一致", "1 case judged again, as it was"),
    "judged_broken": (
        "必须遵守的规则有 {n} 处没有遵守：harness audit 日志文件 会逐条列出",
        "rules that must be kept, broken: {n}; harness audit JOURNAL lists them",
    ),
    "judged_other": (
        "{of} 个场景重新判定，{n} 个与当时不同",
        "{of} cases judged again, {n} not as they were",
    ),
    "report": ("报告", "Report"),
    "run": ("运行", "Run"),
    "pile": ("桩", "Pile"),
    "model": ("型号", "Model"),
    "started": ("开始", "Started"),
    "cases": ("通过/全部", "Passed/all"),
    "frames_n": ("报文", "Frames"),
    "user": ("用户", "User"),
    "role": ("角色", "Role"),
    "since": ("添加时间", "Since"),
    "state": ("状态", "State"),
    "reviewer": ("审核员", "Reviewer"),
    "admin": ("管理员", "Admin"),
    "locked": ("已停用", "Locked"),
    "open": ("可用", "Open"),
    "no_users": (
        "还没有用户：数据库 {database}；harness user add 添加",
        "No users yet in the database {database}; harness user add enters one",
    ),
    "no_runs": ("还没有运行过：数据库 {database}", "No runs yet in the database {database}"),
}

LINKS: dict[str, Pair] = {
    "connected": ("{peer} 连上", "{peer} connected"),
    "login": ("桩登录，程序版本 {detail}", "The pile logged in, program version {detail}"),
    "relogin": ("桩再次登录，程序版本 {detail}", "The pile logged in again, program version {detail}"),
    "replaced": ("旧连接被新的登录取代", "The old connection was replaced by a new login"),
    "refused": ("拒绝登录：桩编码 {detail} 未登记", "Login refused: pile code {detail} is not registered"),
    "lost": ("连接断开", "Connection lost"),
    "offline": ("30 秒没有任何报文，桩离线", "No frame for 30 s: the pile is offline"),
    "gun_silent": ("枪 {detail} 没有心跳", "No heartbeat of gun {detail}"),
    "card_refused": ("这张卡现在不能启动，已拒绝：{detail}", "This card may not start now, refused: {detail}"),
    "vin_refused": ("这个 VIN 现在不能启动，已拒绝：{detail}", "This VIN may not start now, refused: {detail}"),
    "card_shown": ("刷卡，卡号 {detail}", "Card shown: {detail}"),
    "vin_shown": ("上送 VIN {detail}", "VIN shown: {detail}"),
    "unreadable": ("{peer} 发来的字节不成帧：{detail}", "{peer} sent bytes that make no frame: {detail}"),
    "no_login": ("{peer} 没有登录就发来报文：{detail}", "{peer} sent a frame before any login: {detail}"),
}


def word(name: str, **params: object) -> Pair:
    """A word of the terminal, zh and en."""
    zh, en = WORDS[name]
    return zh.format_map(params), en.format_map(params)


def link_words(what: str, peer: str, detail: str) -> Pair:
    """What a connection did."""
    zh, en = LINKS.get(what, (f"{what} {{detail}}", f"{what} {{detail}}"))
    facts = {"peer": peer, "detail": detail}
    return zh.format_map(facts), en.format_map(facts)


NOBODY: Pair = (
    "还没有审核员，没有人能审核：harness user add 名字 --role admin",
    "there is no reviewer yet, so nobody can approve: harness user add NAME --role admin",
)

SELF_MADE: Pair = (
    "TLS 证书是本机自己生成的：浏览器会提示一次不安全，选择继续即可；手机只在 TLS 网页里给相机",
    "the TLS certificate is self-made: browsers warn once, choose to go on; phones give their camera over TLS alone",
)


def few_files_words(most: int) -> Pair:
    """There is little room for pages beside the piles."""
    return (
        f"只能同时打开 {most} 个文件，同时打开的网页会受限；请把上限调到 65536（ulimit -n，或 systemd 的 LimitNOFILE）",
        f"only {most} files may be open at once, which limits open pages; raise that to 65536 (ulimit -n, LimitNOFILE)",
    )


def both(pair: Pair) -> str:
    """Chinese first, then English; once when there is but one."""
    return pair[0] if pair[1] in ("", pair[0]) else f"{pair[0]} / {pair[1]}"
