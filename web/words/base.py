"""What stands on every page."""

WORDS = {
    "base.product": ("充电桩联调", "Charger joint debugging"),
    "base.back": ("返回", "Back"),
    "base.help": ("帮助", "Help"),
    "base.language": ("English", "中文"),
    "base.skip": ("跳到正文", "Skip to content"),
    "base.gone": ("连不上平台", "The platform cannot be reached"),
    "base.phone_offline": ("手机断网", "Your phone is offline"),
    "base.phone_offline_going": ("手机断网，测试还在继续", "Your phone is offline. The test goes on"),
    "base.stale_more": ("连上后自动更新。", "The page catches up by itself."),
    "base.stale_more_going": ("连上后自动更新，倒计时按手机时钟推算。", "The page catches up by itself; countdowns run on the phone's clock."),
    "base.just_now": ("刚刚", "just now"),
    "base.minutes": ("{n} 分钟", "{n} min"),
    "base.hours": ("{n} 小时", "{n} h"),
    "base.days": ("{n} 天", "{n} d"),
    "base.online": ("桩在线", "Online"),
    "base.offline": ("桩离线", "Offline"),
    "base.away": ("桩重启中", "Restarting"),
    "base.copied": ("已复制", "Copied"),
}  # fmt: skip
