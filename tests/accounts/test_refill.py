"""What was typed stands in the form again, and nothing else of the page changes."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from accounts.refill import refill

PAGE = """<!DOCTYPE html>
<body><form method="post" action="/elsewhere/"><input name="note" value="not mine"></form>
<main class="page" id="main">
<details class="more"><summary>Change</summary>
<form class="form" method="post" action="/here/?from=summary" novalidate>
<input type="hidden" name="seen" value="3"><input type="text" name="name" value="Old &amp; gone" maxlength="40">
<label><input type="checkbox" name="hours" value="5" checked></label><input type="checkbox" name="hours" value="6">
<input type="radio" name="group" value=""><input type="radio" name="group" value="7" checked>
<select name="zone"><option value="a" selected>A<option value="b">B</option></select>
<textarea name="note" rows="4">
what was &lt;there&gt;</textarea>
<button type="submit" name="again" value="1">Go</button>
</form></details>
</main></body>"""


class Text(HTMLParser):
    """What a browser would have in the field called note of the second form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside, self.text = False, ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = self.inside or tag == "textarea"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "textarea"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


def filled(**fields: list[str]) -> str:
    return refill(PAGE, address="/here/", action="/here/", fields=fields).page


def test_fields_boxes_choices_and_texts_are_as_they_were_sent() -> None:
    page = filled(name=["Ruth"], hours=["6"], group=[""], zone=["b"], note=["a < b"])
    assert '<input type="text" name="name" maxlength="40" value="Ruth">' in page
    assert '<input type="checkbox" name="hours" value="5">' in page
    assert '<input type="checkbox" name="hours" value="6" checked="">' in page
    assert '<input type="radio" name="group" value="" checked="">' in page
    assert '<input type="radio" name="group" value="7">' in page
    assert '<option value="a">A<option value="b" selected="">B' in page
    assert '<textarea name="note" rows="4">\na &lt; b</textarea>' in page


def test_what_is_folded_around_the_form_is_opened() -> None:
    assert '<details class="more" open="">' in filled(note=["x"])


def test_hidden_fields_and_other_forms_stay_as_they_are() -> None:
    page = filled(seen=["2"], note=["x"])
    assert '<input type="hidden" name="seen" value="3">' in page
    assert '<input name="note" value="not mine">' in page


def test_without_that_form_the_page_is_the_same_and_the_words_are_told() -> None:
    done = refill(PAGE, address="/here/", action="/gone/", fields={"note": ["my words"], "empty": [""]})
    assert (done.page, done.left_over) == (PAGE, ["my words"])
    assert done.main_end is not None
    assert PAGE[: done.main_end].endswith('<main class="page" id="main">')


def test_what_has_no_field_any_more_is_told_and_what_nobody_types_is_not() -> None:
    done = refill(PAGE, address="/here/", action="/here/", fields={"zone": ["c"], "again": ["1"], "seen": ["2"]})
    assert done.left_over == ["c"]


def test_of_two_forms_to_one_address_the_one_with_these_fields_is_filled_in() -> None:
    one, two = (f'<form method="post" action="/x/"><input name="{name}"></form>' for name in ("until", "note"))
    done = refill(one + two, address="/", action="/x/", fields={"note": ["kept"]})
    assert done.page == one + '<form method="post" action="/x/"><input name="note" value="kept"></form>'


def test_several_fields_of_one_name_get_their_values_in_order() -> None:
    page = '<form method="post"><input name="n"><input name="n"></form>'
    done = refill(page, address="/x/", action="/x/", fields={"n": ["1", "2"]})
    assert done.page == '<form method="post"><input name="n" value="1"><input name="n" value="2"></form>'


@given(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), min_size=1))
def test_any_text_is_read_back_to_the_letter_and_breaks_out_of_nothing(text: str) -> None:
    page = filled(note=[text])
    assert Text(page).text == "\n" + text
    assert page.endswith(PAGE[PAGE.index("</textarea>") :])


@given(st.text())
def test_no_page_makes_the_reader_stumble(page: str) -> None:
    assert refill(page, address="/", action="/", fields={}).page == page
