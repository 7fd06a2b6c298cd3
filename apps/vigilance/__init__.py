"""Watches the service itself: signs of life, what is late, measurements, backups."""
