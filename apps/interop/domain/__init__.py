"""What codes of the outside mean here, without their formats and without a database."""
