"""查看报文: the log of frames, live and stored."""
