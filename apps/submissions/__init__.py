"""Sending cases to receivers, and what comes back: receipts, acknowledgements, reports of others."""
