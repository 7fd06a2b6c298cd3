"""The launcher: makes the virtual environment, runs the embedded servers and the demo.

Everything here is standard library at import time, because it runs before the packages exist.
"""
