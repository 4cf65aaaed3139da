"""Pictures and printable reports."""

WORDS = {
    "evidence.state": ("状态", "State"),
    "evidence.company": ("客户企业", "Company"),
    "evidence.contact": ("调试联系人", "Contact"),
    "evidence.reviewer": ("审核", "Reviewed by"),
    "evidence.not_reviewed": ("还没有审核", "Not reviewed yet"),
    "evidence.reviewed": ("{name}，{at}", "{name}, {at}"),
    "evidence.submitted": ("提交", "Submitted"),
    "evidence.not_tested": ("还没有测", "not tested yet"),
    "evidence.versions": ("测试时的程序版本", "Program versions tested"),
}  # fmt: skip
