"""Rules of the door: waits, codes, counters, claims. Nothing here knows a database or a request."""
