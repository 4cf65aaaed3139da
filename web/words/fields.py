"""Mistakes in fields that registrants fill in."""

WORDS = {
    "fields.phone_digits": ("电话号码只有数字；其他国家的号码以 + 和国家号开头。", "A phone number has digits alone; begin a number of another country with + and its country code."),
    "fields.phone_short": ("还差 {n} 位：手机号是 11 位。", "{n} more to go: a mobile number in China has 11 digits."),
    "fields.phone_long": ("多了 {n} 位：手机号是 11 位。", "{n} too many: a mobile number in China has 11 digits."),
    "fields.phone_foreign": ("其他国家的号码写成 + 加国家号再加号码，共 8 到 15 位数字。", "Write a number of another country as + and its country code, 8 to 15 digits in all."),
    "fields.card": ("卡号只有 0–9 和 A–F，最多 16 位，例：32095DF0。", "A card number has 0–9 and A–F alone, at most 16, such as 32095DF0."),
    "fields.card_odd": ("卡号两位一个字节，现在 {n} 位，多了或少了一位。", "A card number has two digits for each byte; this one has {n}: one too many, or one is missing."),
    "fields.vin_letters": ("VIN 只有数字和字母，没有 I、O、Q：多半是 1 或 0。", "A VIN has digits and letters without I, O and Q: it is probably a 1 or a 0."),
    "fields.vin_length": ("VIN 是 17 位，现在 {n} 位。", "A VIN has 17 characters; this one has {n}."),
    "fields.version": ("最多 8 个英文字符：填桩登录时上送的那 8 个字符。", "At most 8 plain characters: the ones that the pile sends when it logs in."),
    "fields.whole": ("请填整数，例：120；3.5 填 4。", "Please type a whole number, such as 120; for 3.5 type 4."),
    "fields.protocol": ("请选一个版本。", "Please choose a version."),
}  # fmt: skip
