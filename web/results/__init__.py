"""What came of the tests: the page of results, why a case failed, the printed report."""
