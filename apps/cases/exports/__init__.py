"""What leaves the house as tables: the line listing, and rows for research that tell of nobody."""
