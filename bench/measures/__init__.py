"""One module for each row of the table; each offers `measure(bench)` and returns figures."""
