"""An interoperability test harness for EV chargers: it plays cases against a pile and judges each with evidence.

The map of the house; a room imports only what stands after its arrow, and tests/test_map.py keeps it so.

cli -> app, settings, console     the command line; loads a room only when a command needs it
app -> every room                 joins clock, links, engine, store and pages; the only file that knows them all
links -> core, protocols          sockets and FTP; the only room with Twisted in it
sim -> core, protocols            pretend piles (sim/tabletop.py also engine: a whole run in pretend time)
selftest -> core, engine, protocols, sim  every pile known to be broken or right, against all cases and rules
store -> core                     the journal as rows; report -> core, store.queries; console -> core, report
captures -> core                  bytes of a link from files of other tools, and into such files
protocols -> core                 bytes to messages and back, sessions; knows no socket, no clock, no database
engine -> core                    scenarios, steps, runs; speaks of messages by name and value
core -> nothing of ours           vocabulary: fields, messages, clock, journal, verdicts, wording
data.py, pictures.py, settings.py stand alone: where cases lie, reading QR codes, what can be set

Out of scope: being a charging platform. Accounts, tariffs for the public and payment belong to others; we hold just
enough of a platform for a pile to show whether it would work with a real one.
"""

__version__ = "0.1.0"
