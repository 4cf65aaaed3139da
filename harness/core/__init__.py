"""The vocabulary of the house: fields, messages, clock, journal, verdicts, wording. Imports nothing of ours."""
