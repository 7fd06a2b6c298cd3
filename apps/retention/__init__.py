"""How long things are kept, and how a person's identity is erased while the safety record stays."""
