"""What stands in the way of a change to an office."""


class ChangedSince(Exception):
    """What was to be changed or taken back was changed already by somebody else."""
