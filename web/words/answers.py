"""What is said when a page cannot be given."""

WORDS = {
    "answers.stale_form": ("这一页放得太久了，请返回后刷新再提交。", "This page is too old. Go back, reload it, and send it again."),
    "answers.e400": ("提交的内容看不懂，请返回后重新填写。", "What was sent could not be read. Go back and fill it in again."),
    "answers.e401": ("需要先登录。", "Please sign in first."),
    "answers.e403": ("这个账号不能看这一页，请换账号登录。", "This account may not see this page. Sign in with another one."),
    "answers.e404": ("没有这一页，或者它不属于这个账号。", "There is no such page, or it belongs to another account."),
    "answers.e405": ("这个地址不能直接打开，请从列表进入。", "This address cannot be opened directly. Please start from the list."),
    "answers.e413": ("文件太大，请换小一些的文件。", "The file is too large. Please choose a smaller one."),
    "answers.e429": ("尝试太多次，请等 {minutes} 分钟再试。", "Too many attempts. Please wait {minutes} min and try again."),
    "answers.e500": ("这是平台的原因，已记入日志；已有的结果都还在，请稍后重试。", "This is our fault and was put into the log. Nothing is lost; please try again later."),
    "answers.title": ("没有成功", "That did not work"),
    "answers.back": ("返回列表", "Back to the list"),
    "answers.login": ("登录", "Sign in"),
}  # fmt: skip
