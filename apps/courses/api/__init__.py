"""Courses over the API."""
