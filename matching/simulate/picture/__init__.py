"""A comparison as one picture: an SVG with a title, a description, every figure as text, and what it rests on."""

from matching.simulate.picture.page import draw

__all__ = ["draw"]
