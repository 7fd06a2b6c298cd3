"""MedAscii files as values, and what a search asks for. No term is part of this product."""
