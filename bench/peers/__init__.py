"""Small programs that do the bare part of the work: what a figure is measured against."""
