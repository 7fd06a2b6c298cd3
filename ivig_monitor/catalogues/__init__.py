"""Texts in three languages: finding them in the source, compiling them. Babel does the work."""
