"""The pages of docs/ that repeat what the program says: `python -m tests.helpers.pages` writes them anew."""

from __future__ import annotations

from pathlib import Path

from harness.core.remedies import REMEDIES
from harness.core.wording import FINDINGS
from harness.data import data_root
from harness.settings import Settings
from harness.sim.ykc.dialects import DIALECTS
from harness.sim.ykc.faults import FAULTS
from tests.helpers.rules_page import rules_page

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
AGAIN = "python -m tests.helpers.pages"

MEANINGS = {
    "host": "监听桩连接的地址",
    "port": "云快充端口",
    "public_address": "桩访问本机的地址，写进 0x94（至多 16 个字符）；不填时用本机局域网地址",
    "ftp_port": "固件 FTP 服务器端口",
    "ftp_passive": "FTP 被动模式端口范围",
    "timezone": "报文、屏幕和报告里所有时间的时区",
    "database_url": "数据库：SQLite 文件或 PostgreSQL",
    "piles": "桩档案文件夹",
    "cards": "卡和 VIN 的登记文件",
    "scenarios": "场景文件夹",
    "reports": "报告文件夹",
    "firmware": "升级时给桩下载的固件所在文件夹",
    "web_host": "网页监听的地址",
    "web_port": "网页端口",
    "tls": "同时提供 TLS 网页：手机只在 TLS 网页里给摄像头",
    "tls_port": "TLS 网页端口",
    "tls_certificate": "PEM 证书；不填时自动生成一张",
    "tls_key": "证书的 PEM 私钥，不带口令",
    "public_url": "给人用的网页地址；不填时用本机局域网地址",
    "behind_proxy": "反向代理的地址，只信它们的 X-Forwarded 头，用逗号分开",
    "private": "只有本用户可读的文件夹：会话密钥、证书私钥",
    "uploads": "保存上传的照片和固件的文件夹",
    "most_firmware_mb": "上传固件的最大体积，MiB",
    "most_picture_mb": "上传照片的最大体积，MiB",
    "session_hours": "登录后多少小时要重新登录",
    "retention_days": "没有提交过的数据保留多少天",
    "webhook_url": "型号状态变化时通知的地址；不填不通知",
    "webhook_kind": "通知的格式：企业微信 wecom、钉钉 dingtalk、纯 JSON json",
}


FINDINGS_PAGE = """\
# 结论用语 Findings

报告里的每一句话都有一个代码（`outcome.json` 里的 `code`）。花括号里的内容由当次报文填入。

Each sentence in a report has a code (`code` in `outcome.json`). What stands in braces is filled in from the run.

## 需要处理的 What is no pass

| code | 发现 finding | 处理建议 what to do |
|---|---|---|
{noted}

## 通过的 What passes

| code | 发现 | finding |
|---|---|---|
{passes}

本页由程序生成 This page is made from `harness/core/wording.py` by `{again}`.
"""

SETTINGS_PAGE = """\
# 设置 Settings

写在工作目录的 `harness.toml` 里，或用环境变量 `HARNESS_` 加大写名称（如 `HARNESS_PORT`）；环境变量优先。
`HARNESS_CONFIG` 可以指定另一个文件。`harness.toml` 里的相对路径相对于该文件。
写错名称或取值会报错，不会被忽略。

They stand in `harness.toml` in the working directory, or in the environment as `HARNESS_` and the name in
capitals, such as `HARNESS_PORT`; the environment wins. `HARNESS_CONFIG` names another file. Relative paths
in `harness.toml` start at that file. A wrong name or value is an error, never passed over.

| setting | default | 含义 meaning |
|---|---|---|
{rows}

```toml
# harness.toml
public_address = "192.168.1.20"
port = 5456
piles = "piles"
cards = "cards.yaml"
```

`harness run` 的选项（如 `--listen`、`--db`、`--report`）只对这一次运行有效。
固件服务器没有默认密码，每次升级都用一次性的用户名和密码。

Options of `harness run` (`--listen`, `--db`, `--report`) count for that run only. The firmware server has no
default password: it makes a user and a password for each upgrade.

PostgreSQL: `database_url = "postgresql://USER@HOST/NAME"`，驱动已随 `make setup` 装好 (`make setup` brings its driver).

本页由程序生成 This page is made from `harness/settings.py` by `{again}`.
"""


def findings_page() -> str:
    """Each finding with its sentences and what to do."""
    noted = [code for code in FINDINGS if code in REMEDIES]
    passes = [code for code in FINDINGS if code not in REMEDIES]
    return FINDINGS_PAGE.format(
        noted="\n".join(f"| `{code}` | {_cell(FINDINGS[code])} | {_cell(REMEDIES[code])} |" for code in noted),
        passes="\n".join(f"| `{code}` | {FINDINGS[code][0]} | {FINDINGS[code][1]} |" for code in passes),
        again=AGAIN,
    )


def settings_page() -> str:
    """Each setting with its default."""
    rows = (
        f"| `{name}` | `{_default(name)}` | {MEANINGS[name]}<br>{field.description} |"
        for name, field in Settings.model_fields.items()
    )
    return SETTINGS_PAGE.format(rows="\n".join(rows), again=AGAIN)


def simulated_pile_page() -> str:
    """The page as it is written by hand, its tables of faults and dialects made anew."""
    page = (DOCS / "simulated-pile.md").read_text(encoding="utf-8")
    faults = [
        f"| `{fault.name}` | {fault.zh}<br>{fault.en} | {fault.case} | `{fault.found_by}` |"
        for fault in FAULTS.values()
    ]
    dialects = [f"| `{dialect.name}` | {dialect.zh}<br>{dialect.en} |" for dialect in DIALECTS.values()]
    head = ["| fault | what is wrong | case | found by |", "| --- | --- | --- | --- |"]
    page = _between(page, "faults", [*head, *faults])
    return _between(page, "dialects", ["| dialect | what is unusual |", "| --- | --- |", *dialects])


def _between(page: str, name: str, lines: list[str]) -> str:
    """A page with other lines between two marks."""
    before, rest = page.split(f"<!-- {name} -->\n")
    after = rest.split(f"<!-- /{name} -->\n")[1]
    return "\n".join([f"{before}<!-- {name} -->", *lines, f"<!-- /{name} -->", after])


PAGES = {
    "findings.md": findings_page,
    "settings.md": settings_page,
    "simulated-pile.md": simulated_pile_page,
    "rules.md": lambda: rules_page(AGAIN),
}


def _cell(pair: tuple[str, str]) -> str:
    return f"{pair[0]}<br>{pair[1]}"


def _default(name: str) -> str:
    """The default of a setting; a path that ships with us without the place where it is installed."""
    value = Settings.model_fields[name].get_default(call_default_factory=True)
    if isinstance(value, Path) and value.is_relative_to(data_root()):
        value = value.relative_to(data_root())
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return "（空 empty）" if value in ("", None) else shown


if __name__ == "__main__":
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
