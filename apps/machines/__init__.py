"""Tokens of programs: scoped to actions and wards, hashed, expiring, revocable."""
