"""Plays scenarios and judges them; knows no protocol, no socket, no database. Imports core only."""
