"""Infusions over the API."""
