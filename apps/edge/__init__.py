"""What every HTTP door of the product shares: strict fields, idempotent writes, one error shape."""
