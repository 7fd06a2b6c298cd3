"""The site's own licensed MedDRA: loaded from its MedAscii archive, searched, and never part of this product."""
