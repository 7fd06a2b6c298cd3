"""Alerts: raised once, delivered, escalated until somebody takes them, resolved."""
