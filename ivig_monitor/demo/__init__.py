"""The demo ward: made with the product's own services, so it can only hold what the product allows."""
