"""Mistakes in forms."""

WORDS = {
    "forms.choose_file": ("选择文件", "Choose a file"),
    "forms.no_file": ("还没有选", "None chosen"),
    "forms.missing": ("这一项还没有填。", "Please fill this in."),
    "forms.too_long": ("最多 {most} 个字。", "At most {most} characters."),
    "forms.number": ("请填数字。", "Please type a number."),
    "forms.range": ("请填 {least} 到 {most} 之间的数。", "Please type a number from {least} to {most}."),
    "forms.choose": ("请选一项。", "Please choose one."),
    "forms.wrong": ("这一项填得不对，请检查。", "This is not right; please check it."),
}  # fmt: skip
