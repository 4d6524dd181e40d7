"""What an actor is allowed to see: one thing by id, or a page of things. One module a noun."""
