"""The watch's writers."""
