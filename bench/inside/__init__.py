"""What runs inside Django, as a process of its own with the stage's database: `python -m bench.inside <command>`."""
