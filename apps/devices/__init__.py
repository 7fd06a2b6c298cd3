"""Sessions and the devices they belong to: bound, listed, ended, locked while nobody touches the screen."""
