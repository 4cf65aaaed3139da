"""协议规范: what the audit of the protocol's own rules says, on every page that shows it."""

WORDS = {
    "rules.title": ("协议规范", "Protocol rules"),
    "rules.must": ("必须", "Must"),
    "rules.should": ("应当", "Should"),
    "rules.remark": ("备注", "Remark"),
    "rules.apart": ("不改变上面的结果", "Changes no result above"),
    "rules.apart_case": ("不改变这一项的结果", "Does not change the result"),
    "rules.none": ("核对过，没有发现问题。", "Checked, nothing found."),
    "rules.nothing_yet": ("还没有可核对的测试。", "No test to check yet."),
    "rules.unchecked": ("未核对", "Not checked"),
    "rules.unchecked_case": ("这次测试没有核对协议规范；重测就会核对。", "This attempt was not checked; a new one will be."),
    "rules.unchecked_some": ("有 {n} 项没有核对，重测就会核对。", "Cases not checked: {n}. A new attempt will be."),
    "rules.unchecked_n": ("有 {n} 项是以前测的，没有核对协议规范。", "Attempts from before rules were checked: {n}."),
    "rules.between": ("场景之间的报文也按规范核对。", "What comes between the cases is checked, too."),
    "rules.all_found": ("看全部发现", "See all that was found"),
    "rules.section": ("§{section}", "§{section}"),
    "rules.times": ("{n} 次", "seen {n}×"),
    "rules.beats": ("期间有 {n} 次心跳", "heartbeats meanwhile: {n}"),
    "rules.more": ("还有 {n} 项，见下面的协议规范", "{n} more, see the protocol rules below"),
    "rules.n": ("{word} {n}", "{word} {n}"),
}  # fmt: skip
