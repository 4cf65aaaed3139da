"""One package for each protocol: messages in, bytes out; no socket, no clock."""
