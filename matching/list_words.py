"""Words for what was mended in a row of a list, why a row is left out, and why a file can't be read."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.sheet import Column, Mended, Refusal, Why

COLUMNS: dict[Column, Promise] = {
    Column.NOTHING: _("Leave this out"),
    Column.NAME: _("Name, or first name"),
    Column.SURNAME: _("Last name: only its first letter is taken"),
    Column.EMAIL: _("E-mail address"),
    Column.WISH: _("Sponsors, or looks for a sponsor"),
    Column.LANGUAGE: _("Language"),
    Column.SINCE: _("Day since when they are on the list"),
}

MENDED: dict[Mended, Promise] = {
    Mended.SURNAME_CUT: _("The last name is cut to its first letter."),
    Mended.PHONE_LEFT_OUT: _("A telephone number beside the name is left out."),
    Mended.ADDRESS_TIDIED: _("The e-mail address is tidied up."),
    Mended.ADDRESS_ELSEWHERE: _("The e-mail address stood in another column."),
    Mended.NAME_RECASED: _("Capital letters of the name are set right."),
    Mended.WISH_OF_THE_LIST: _("What they want is not understood: what you said of the whole list is taken."),
    Mended.LANGUAGE_OF_THE_LIST: _("The language is not understood: the one of the whole list is taken."),
    Mended.DAY_LEFT_OUT: _("The day is not understood, and left out."),
}

REFUSED: dict[Refusal, Promise] = {
    Refusal.NO_ADDRESS: _("There is no e-mail address that could be written to."),
    Refusal.NO_NAME: _("There is no first name."),
    Refusal.NO_WISH: _("It does not say whether they sponsor or look for a sponsor."),
    Refusal.TWICE: _("The same e-mail address stands in row %(row)s already."),
    Refusal.INVITED: _("Your office has an invitation out to this e-mail address."),
}

UNREADABLE: dict[Why, Promise] = {
    Why.SPREADSHEET: _(
        "This is a workbook. In your spreadsheet program choose “Save as” and then CSV, and bring that."
    ),
    Why.NOT_TEXT: _(
        "This file is no list that we can read. Save it as CSV in your spreadsheet program, and bring that."
    ),
    Why.EMPTY: _("There is nobody in this file."),
    Why.TOO_LONG: _("This list has more than 5,000 rows. Divide it, and bring one part after the other."),
    Why.TOO_WIDE: _("This list has more than 60 columns. Delete those that nobody needs."),
}
