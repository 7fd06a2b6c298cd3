"""Early-warning scores: NEWS2 for adults, Bedside PEWS for children, reference ranges by age."""
