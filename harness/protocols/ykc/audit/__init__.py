"""The auditor: the rules of the document that bind the pile, as checks over a session (chapter 8 of the reference).

rule.py      a check declared once        facts.py charges.py clock.py   what is known of the pile by now
scene.py     what a watcher is handed     learning.py                    what each frame adds to it
watcher.py   base of all watchers         rules/                         one file a chapter: declarations and watchers
auditor.py   hands every record round     tolerances.py                  what several rules allow
rulebook.py  why some cannot be checked   captured*.py                   the same for captures from elsewhere
"""

from harness.protocols.ykc.audit.auditor import RULES_VERSION, PileAuditor, audit

__all__ = ["RULES_VERSION", "PileAuditor", "audit"]
