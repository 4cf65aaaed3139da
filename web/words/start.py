"""The first page."""

WORDS = {
    "start.lead": ("在桩旁用手机联调：登记型号，接上桩，按提示一项一项测，结果由平台审核。", "Joint debugging from a phone beside the pile: register a model, connect the pile, run one case after another; the platform reviews the results."),
    "start.register": ("登记", "Register"),
    "start.register_more": ("第一次来，四项就好", "First time here: four fields"),
    "start.login": ("登录", "Sign in"),
    "start.scan": ("用手机扫码打开这个地址", "Scan to open this address on a phone"),
    "start.qr": ("本平台地址的二维码：{url}", "QR code of this desk's address: {url}"),
    "start.reviewers": ("平台审核员登录", "Sign in as a reviewer"),
    "start.night": ("夜间显示", "Night colours"),
    "start.day": ("白天显示", "Day colours"),
}  # fmt: skip
