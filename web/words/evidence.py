"""Pictures and printable reports."""

WORDS = {
    "evidence.state_now": ("型号现在的状态", "The model's state now"),
    "evidence.why_sent_back": ("退回的原因", "Why the results were sent back"),
    "evidence.case_sent_back": ("平台退回了这个场景", "The platform sent this case back"),
    "evidence.said": ("审核意见", "The reviewer's remark"),
    "evidence.company": ("客户企业", "Company"),
    "evidence.contact": ("调试联系人", "Contact"),
    "evidence.reviewer": ("审核", "Reviewed by"),
    "evidence.not_reviewed": ("还没有审核", "Not reviewed yet"),
    "evidence.reviewed": ("{name}，{at}", "{name}, {at}"),
    "evidence.submitted": ("提交", "Submitted"),
    "evidence.not_tested": ("还没有测", "not tested yet"),
    "evidence.versions": ("测试时的程序版本", "Program versions tested"),
}  # fmt: skip
