"""C5: many people at once on the site as it is delivered, each doing what a person of their role can do."""
