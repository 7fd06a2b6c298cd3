"""Submissions over the API."""
