"""What a program may ever be allowed. Pure."""
