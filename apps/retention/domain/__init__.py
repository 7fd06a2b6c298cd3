"""Periods, and whether a reason may be kept."""
