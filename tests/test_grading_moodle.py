"""Moodle's grading sheet: what its import asks for, in French and in English."""

import csv

import pytest

from workbook.grading import moodle

GRADES = {"1234": (3, 4), "77": (0, 0)}
ENGLISH = (
    "\ufeffIdentifier,Full name,Status,Grade,Maximum Grade,"
    "Last modified (grade),Feedback comments\n"
    'Participant 1234,"Zoé, Ève",Submitted,,20.00,-,\n'
    "Participant 77,Bo Li,Submitted,,20.00,-,\n"
    "Participant 5,Absent,No submission,,20.00,-,\n"
)


def test_own_sheet():
    """The three columns that the import will not do without."""
    text = moodle.new({"1234": "Ève", "77": "Bo"}, GRADES)
    first, second = csv.DictReader(text.splitlines())

    assert first["Identifiant"] == "Participant 1234"
    assert first["Note"] == "75.00"
    assert first["Dernière modification (note)"] == "-"
    assert second["Note"] == ""


def test_fills_the_sheet_that_moodle_gave(tmp_path):
    """On its own scale; who handed in nothing keeps an empty grade."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(ENGLISH, encoding="utf-8")
    rows = list(csv.DictReader(moodle.filled(sheet, GRADES).splitlines()))

    assert [row["Grade"] for row in rows] == ["15.00", "", ""]
    assert rows[0]["Full name"] == "Zoé, Ève"
    assert rows[0]["Feedback comments"].startswith("3 sur 4")
    assert list(rows[0]) == ENGLISH.removeprefix("\ufeff").splitlines()[0].split(",")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe"])
def test_another_file(tmp_path, content):
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes(content)

    with pytest.raises(moodle.NoSheet):
        moodle.filled(sheet, GRADES)
