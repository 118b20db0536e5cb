"""The ways on which notices reach members, and the calendar."""
