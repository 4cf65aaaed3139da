"""What registrants do before a test: sign in, register models, set the pile up."""
