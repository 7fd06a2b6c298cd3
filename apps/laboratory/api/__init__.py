"""Laboratory results over the API."""
