"""Lists of people as offices keep them in spreadsheets: bytes in, people and refusals out. Knows no Django.

What comes out of here is a first name, an initial, an e-mail address, a wish and a language. Everything else in a list
stays behind: surnames, telephone numbers, addresses, dates of birth or of sobriety, notes.
"""

from matching.sheet.columns import Column, guess, is_private
from matching.sheet.days import Order, order_of
from matching.sheet.people import Choice, Mended, Person, Reading, Refusal, Refused, Wish, read_people
from matching.sheet.table import MOST_ROWS, Line, Table, read_table
from matching.sheet.text import Unreadable, Why, decode

__all__ = [
    "MOST_ROWS",
    "Choice",
    "Column",
    "Line",
    "Mended",
    "Order",
    "Person",
    "Reading",
    "Refusal",
    "Refused",
    "Table",
    "Unreadable",
    "Why",
    "Wish",
    "decode",
    "guess",
    "is_private",
    "order_of",
    "read_people",
    "read_table",
]
