"""The harness proves itself: every broken pile must be found by what is meant to find it, and no right pile blamed.

plays.py    which piles play which cases with which seeds
playing.py  one play: the verdicts, the audits, and whether live and afterwards say the same
matrix.py   all plays together: found, missed, blamed wrongly, unstable
"""
