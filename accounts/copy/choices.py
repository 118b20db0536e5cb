"""The words that tables have for their own values."""

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField

from accounts.copy.words import Label
from accounts.queries.my_data import Covers, Given


def words_of(covers: Covers) -> dict[tuple[str, str], Mapping[str, Label]]:
    """By section and field: what each value of a column with choices is called."""
    found: dict[tuple[str, str], Mapping[str, Label]] = {}
    for model, said in covers.items():
        if not isinstance(said, Given):
            continue
        for column in model._meta.concrete_fields:
            one = column.base_field if isinstance(column, ArrayField) else column
            if one.choices:
                found[said.under, column.name] = {str(value): label for value, label in one.flatchoices}
    return found
