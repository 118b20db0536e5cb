"""One newcomer before many sponsors: our engine, PostgreSQL with a covering index, and a scan in C as the limit."""
