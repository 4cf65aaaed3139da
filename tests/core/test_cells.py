"""Cells that spreadsheets shall show and not work out."""

import pytest

from harness.core.cells import harmless, meant


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "+86 1390"])
def test_a_cell_that_looks_like_a_formula_is_quoted_and_still_means_itself(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert meant(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["", "青禾", "a=b", "-5", "+86", "-0.25", "12", "'tis", "'"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
    assert meant(cell) == cell
