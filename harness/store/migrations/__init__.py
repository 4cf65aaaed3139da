"""The schema's history. `HEAD` is the newest revision: a database that stands there needs no look at the history."""

HEAD = "0003"
