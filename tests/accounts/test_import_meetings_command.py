"""``manage.py import_meetings``: says what became of each row, and changes nothing for a broken file."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Fellowship, Intergroup, Meeting
from tests.accounts.meeting_rows import row

GOOD = row()
ODD = row(slug="odd", name="<i>Odd</i> Hours", day="Friday")
BAD = row(slug="bad", name="Bad Day", day=9)


def write(path: Path, *rows: Any) -> Path:
    path.write_text(json.dumps(rows))
    return path


def command(path: Path, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_meetings", path, intergroup="riverside", stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("intergroup")
def test_mended_and_refused_rows_and_the_counts_are_printed(tmp_path: Path) -> None:
    out, err = command(write(tmp_path / "feed.json", GOOD, ODD, BAD))

    assert "row 2 mended: Odd Hours – HTML was removed from “name”." in out
    assert "row 3 refused: Bad Day – We cannot read the day “9”." in out
    assert "row 1" not in out
    assert "feed.json: 3 rows, 1 taken, 1 mended, 1 refused. Meetings: 2 new, 0 changed, 0 as before, 0 retired." in out
    assert err == ""


@pytest.mark.usefixtures("intergroup")
def test_verbose_also_prints_what_was_taken(tmp_path: Path) -> None:
    out, _ = command(write(tmp_path / "feed.json", GOOD), verbosity=2)

    assert "row 1 taken: Early Risers\n" in out


@pytest.mark.usefixtures("intergroup")
def test_a_broken_file_changes_nothing_and_says_why(tmp_path: Path) -> None:
    command(write(tmp_path / "feed.json", GOOD))
    (tmp_path / "feed.json").write_text("[{")

    out, err = command(tmp_path / "feed.json")

    assert "feed.json: This file is not valid JSON" in err
    assert "Nothing was changed." in err
    assert out == ""
    assert Meeting.objects.get().active


@pytest.mark.usefixtures("intergroup")
def test_the_good_files_of_a_folder_are_imported_beside_a_broken_one(tmp_path: Path) -> None:
    write(tmp_path / "a.json", GOOD)
    (tmp_path / "b.json").write_bytes(b"\xff\xfe")
    write(tmp_path / "c.json", ODD)
    write(tmp_path / "notes.txt", BAD)

    _, err = command(tmp_path)

    assert set(Meeting.objects.values_list("source", flat=True)) == {"a.json", "c.json"}
    assert "b.json: This file is not UTF-8" in err
    assert "Files that could not be used: 1." in err


@pytest.mark.usefixtures("intergroup")
def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert "There is no file or folder" in command(tmp_path / "missing.json")[1]
    assert "holds no .json file" in command(tmp_path)[1]


def test_an_unknown_intergroup_is_answered_with_the_known_ones(intergroup: Intergroup, tmp_path: Path) -> None:
    intergroup.slug = "lakeside"
    intergroup.save()

    assert "There is no intergroup “riverside”. Known: lakeside." in command(write(tmp_path / "feed.json", GOOD))[1]


def test_an_office_of_several_fellowships_must_name_one(intergroup: Intergroup, tmp_path: Path) -> None:
    intergroup.fellowships.add(Fellowship.objects.get_or_create(code="na", defaults={"name": "Narcotics Anonymous"})[0])
    path = write(tmp_path / "feed.json", GOOD)

    assert "--fellowship: aa, na." in command(path)[1]
    assert "--fellowship: aa, na." in command(path, fellowship="oa")[1]
    assert command(path, fellowship="na")[1] == ""
    assert Meeting.objects.get().fellowship.code == "na"
