"""Measurements of the product against their limits, side by side in one run."""
