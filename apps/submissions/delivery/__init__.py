"""Ways out of the house: a directory, an HTTPS gateway; and the directory where answers lie."""
