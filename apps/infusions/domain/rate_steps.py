"""TEMPORARY until the plans branch: next_step, reachable_step, reduced_rate."""
