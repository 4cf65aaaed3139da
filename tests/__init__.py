"""Tests; the folders mirror harness/ and web/."""
