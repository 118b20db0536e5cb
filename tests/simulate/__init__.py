"""A simulated year: what it keeps to, and what it tells."""
