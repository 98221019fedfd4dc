"""A practice falls out: who is hit, where they go, what helps how soon."""
