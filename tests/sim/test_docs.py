"""The page about the simulated pile says what the code says."""

from harness.data import data_root
from harness.sim.ykc.faults import FAULTS


def test_every_fault_stands_on_the_page_with_the_cases_it_fails() -> None:
    page = (data_root() / "docs" / "simulated-pile.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `") and " / " in line}
    assert set(FAULTS) == set(rows)
    for name, fault in FAULTS.items():
        assert f"{fault.zh} / {fault.en}" in rows[name]
        assert [case for case, code in fault.caught.items() if case not in rows[name] or code not in rows[name]] == []
