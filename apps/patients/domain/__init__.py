"""Pure rules about a person: age, pseudonym."""
