"""The plain way: a Django REST Framework view that stores the row and does nothing else."""
