"""Identifying data and nothing else. Everything clinical knows a patient by number and pseudonym."""
