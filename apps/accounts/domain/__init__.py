"""Roles and rights, without a database."""
