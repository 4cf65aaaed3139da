"""A test as it goes on: the page of the run, its prompts, pictures and firmware."""
