"""Lists as offices keep them, read."""
