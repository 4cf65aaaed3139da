"""`make mutation`: is every comparison and boolean of what judges piles held by something that would notice it wrong?

Each is changed by itself, in a process of its own. The stored journals of the self-test are judged anew; when all
comes out as it was, the tests of that file are run. What neither notices has survived.

mutants.py     what can be changed in a source, and the changed code
places.py      which files are changed, and which tests are theirs
live.py        puts changed code into functions that are there already
corpus.py      the journals of the self-test, and what was said of each
lines.py       which lines something runs
trial.py       one change: journals, then tests
children.py    a process for each trial, so many at once
plugin.py      all trials, within a session of pytest that has collected the tests
equivalent.py  the changes that make no difference (tests/equivalent.toml)
report.py      the score, and what survived
"""
