"""What is kept on disk: runs, cases, findings and every frame, written by one thread, read back as plain values."""
