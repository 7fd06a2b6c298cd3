"""A case as values: what it holds, what it lacks, what it may be a duplicate of, how it reads. Pure."""
