"""IVIG Monitor: the composition root. Kept empty, so that the launcher imports it on a bare Python."""
