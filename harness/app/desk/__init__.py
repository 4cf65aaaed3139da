"""The live side of the desk: runs and piles as pages see them, and everything opened together."""
