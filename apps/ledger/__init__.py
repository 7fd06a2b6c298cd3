"""What happened (events), what must be told (outbox), what must happen later (timers)."""
