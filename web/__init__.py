"""The desk: the pages on which a joint-debug session is run and reviewed. Not built yet."""
