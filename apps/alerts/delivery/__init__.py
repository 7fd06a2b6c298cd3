"""Messages that leave the house: queued in the transaction, sent outside of one, settled after they arrived."""
