"""An interoperability test harness for EV chargers: it plays cases against a pile and judges each with evidence.

The map of the house: a room, what it imports of ours, what it is. tests/test_map.py holds the code to it.

__main__ -> cli: `python -m harness`
cli -> app, cli_codec, cli_mistakes, console, core, data, settings: the command line; loads a room only when needed
cli_codec -> core, protocols, tables: decode, encode and frames on the command line
cli_mistakes -> core: what is wrong on the command line, in both languages
app -> every room: joins clock, links, engine, store and pages; the only room that knows them all
web -> captures, core, profiles, report, store: the desk, its pages and what serves them
links -> core, protocols: sockets and FTP
selftest -> core, data, engine, pictures, profiles, protocols, sim: broken and right piles against all cases and rules
sim -> core, protocols: pretend piles
sim.tabletop -> core, engine, protocols, sim: a whole run in pretend time
console -> core, report: what the terminal shows
report -> core, store.queries: a run as a file for people and programs
store -> core: the journal as rows
captures -> core: bytes of a link from files of other tools, and into such files
tables -> core, protocols: frames and catalogue as tables in the terminal
protocols -> core: bytes to messages and back, sessions, the audit; knows no socket, no clock, no database
engine -> core: scenarios, steps, runs; speaks of messages by name and value
profiles -> core: the files in which people declare piles and cards
pictures -> core: the QR codes in a picture
settings -> core, data: what can be set
data -> nothing: where cases and fixtures lie
core -> nothing: the vocabulary: fields, messages, clock, journal, verdicts, wording

Out of scope: being a charging platform. Accounts, tariffs for the public and payment belong to others; we hold just
enough of a platform for a pile to show whether it would work with a real one.
"""

__version__ = "0.1.0"
