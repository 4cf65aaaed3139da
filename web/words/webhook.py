"""What a webhook is told."""

WORDS = {
    "webhook.line": ("{name}：{states}（{who}，{did}，{at}）", "{name}: {states} ({who}, {did}, {at})"),
}  # fmt: skip
