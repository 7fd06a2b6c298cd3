"""Plain Python every other package may use: clock, errors, strict numbers, text marks. Standard library only."""
