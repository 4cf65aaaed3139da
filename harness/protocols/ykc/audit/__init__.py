"""The auditor: the rules of the document that bind the pile, as checks over a session (chapter 8 of the reference).

rule.py     a check declared once        facts.py    what is known of the pile by now
scene.py    what a watcher is handed     rules/      one file a chapter: declarations, and the watcher that uses them
watcher.py  base of all watchers         auditor.py  hands every record round
"""

from harness.protocols.ykc.audit.auditor import RULES_VERSION, PileAuditor, audit

__all__ = ["RULES_VERSION", "PileAuditor", "audit"]
