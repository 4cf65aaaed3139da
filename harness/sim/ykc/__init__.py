"""A simulated YKC pile: the same catalogue in the other role."""
