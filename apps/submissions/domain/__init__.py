"""What sending knows without a database: who receives, where bytes may go, what answers add up to."""
