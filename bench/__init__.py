"""What the service costs, beside what the same work costs without it. Run it with `python3 manage.py bench`."""
