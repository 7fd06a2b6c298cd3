"""Priorities and escalation, without a database."""
