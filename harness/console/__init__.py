"""The terminal: progress, prompts and tables, plain lines when it is none."""
