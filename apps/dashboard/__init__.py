"""The live ward board: rows, snapshot, push, and the pages' shell."""
