"""Staff, wards, roles, and who may do what where."""
