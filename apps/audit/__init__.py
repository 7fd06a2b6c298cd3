"""Who read what of whom, what left the house, and whether anything was changed afterwards."""
