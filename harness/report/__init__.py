"""What came of a run, for people and machines: one file per format, all from the same plain values."""
