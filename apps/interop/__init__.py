"""The outside's formats at the door."""
