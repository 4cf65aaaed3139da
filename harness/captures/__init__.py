"""Captures from elsewhere: files of all kinds into the bytes that went over a link, whatever protocol they speak.

A reader goes through its file once and holds little of it: packets.py takes packets apart, streams.py puts TCP together
again, logs.py finds time, direction and hex in lines of text, exports.py reads what the harness itself wrote.

And the other way round: journal_out.py makes packets of what journals hold, tcp_out.py and pcap_out.py their bytes.
"""
