"""The site as it is delivered: the services of the compose file with real engines, run without containers."""
