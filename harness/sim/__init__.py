"""Pretend piles that behave: for tests, for `harness simulate`, and for registrants who rehearse."""
