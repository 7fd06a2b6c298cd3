"""The timers' work, the same for the product and its peers: one row that says when it was done."""
