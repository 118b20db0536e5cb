"""The ways that are compared: ours, and the others that a programmer would reach for.

Each way makes sponsors ready beforehand, as the product keeps a roster, and is timed from newcomers as values to the
pairs chosen. All maximise the same: people served, then scores with the bonus for waiting.
"""
