"""Cells that spreadsheets shall show and not work out."""

import pytest

from harness.core.cells import harmless, meant


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "+86 1390"])
def test_a_cell_that_looks_like_a_formula_is_quoted_and_still_means_itself(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert meant(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["", "青禾", "a=b", "-5", "+86", "-0.25", "12"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
    assert meant(cell) == cell


@pytest.mark.parametrize("cell", ["'=1", "''=1", "'tis", "'", "''"])
def test_a_cell_that_begins_with_a_quote_comes_back_with_it(cell: str) -> None:
    assert meant(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["'tis", "'"])
def test_a_quote_that_a_person_wrote_before_what_is_no_formula_is_kept(cell: str) -> None:
    assert meant(cell) == cell
