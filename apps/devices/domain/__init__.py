"""When a screen is locked, which numbers may be a PIN, what a device is called. Pure."""
