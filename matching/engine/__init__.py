"""The matching engine: frozen values in, frozen values out. Standard library and numpy only."""

from matching.engine.people import Component, Person, Policy

__all__ = ["Component", "Person", "Policy"]
