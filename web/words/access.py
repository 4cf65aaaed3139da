"""Sessions."""

WORDS = {
    "access.expired": ("太久没有操作，已退出登录，请重新登录。", "You were signed out after a long pause. Please sign in again."),
}  # fmt: skip
