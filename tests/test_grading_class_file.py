"""The teacher's file: it is followed, and every mistake in it is named where it stands."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from workbook.checks.registry import chapters
from workbook.grading.class_file import BadClassFile, parse, read
from workbook.settings import ROOT

EXERCISES = ("ch90.total", "ch90.owner", "lab9.rooms")
WHOLE = """
note_sur = 20
fuseau = "UTC"
anonyme = true

[poids]
ch90 = 2            # tout le chapitre
"ch90.total" = 0.5  # cet exercice, en plus
lab9.rooms = 4

[echeances]
ch90 = "2026-03-02 18:00"
lab9 = { ouvre = 2026-03-09T08:00:00, ferme = "2026-03-09 11:00" }

[retard]
par_jour = 10
plafond = 25
tolerance = 15

[apprenants."Ève Zoé"]
reports = { ch90 = 2026-03-09 }
temps = 1.5
pseudonyme = "Renard"

[apprenants.Bo]
jours_de_plus = 2

[[binomes]]
membres = ["Alice", "Bo"]
chapitres = ["lab9"]

[rubrique.lab9]
"deux frontières" = 1
"un appel gardé" = 2
"""


@pytest.fixture(scope="module")
def rules():
    return parse(WHOLE, EXERCISES)


def mistakes(text):
    with pytest.raises(BadClassFile) as raised:
        parse(text, EXERCISES)
    return str(raised.value).splitlines()


def test_weights(rules):
    """Of a chapter, and of an exercise within it, quoted or not."""
    assert rules.weight("ch90.total") == 1
    assert rules.weight("ch90.owner") == 2
    assert rules.weight("lab9.rooms") == 4
    assert rules.weight("lab9") == 1


def test_deadlines(rules):
    """A report replaces the end, days are added to it, time stretches what has an opening."""
    assert rules.due("Alice", "ch90") == datetime(2026, 3, 2, 18)
    assert rules.due("Bo", "ch90") == datetime(2026, 3, 4, 18)
    assert rules.due("Ève Zoé", "ch90") == datetime(2026, 3, 9, 23, 59, 59)
    assert rules.due("Ève Zoé", "lab9") == datetime(2026, 3, 9, 12, 30)
    assert parse("", EXERCISES).due("Alice", "ch90") is None


@pytest.mark.parametrize(
    ("late", "days", "rate"),
    [
        (timedelta(minutes=-1), 0, 0),
        (timedelta(seconds=59), 0, 0),
        (timedelta(minutes=15), 0, 0),
        (timedelta(minutes=16), 1, 0.1),
        (timedelta(days=1), 1, 0.1),
        (timedelta(days=1, minutes=1), 2, 0.2),
        (timedelta(days=30), 30, 0.25),
    ],
)
def test_lateness(rules, late, days, rate):
    """Per day begun, after the tolerance, up to the ceiling; 23:59 lasts a whole minute."""
    due = datetime(2026, 3, 2, 18)

    assert rules.late.days(due + late, due) == days
    assert rules.late.rate(days) == pytest.approx(rate)


def test_the_rest(rules):
    assert (rules.out_of, rules.anonymous, str(rules.zone)) == (20, True, "UTC")
    assert rules.pairs[0].members == ("Alice", "Bo")
    assert rules.pairs[0].works_on("lab9")
    assert not rules.pairs[0].works_on("ch90")
    assert rules.rubric == {"lab9": {"deux frontières": 1, "un appel gardé": 2}}
    assert rules.learners["Ève Zoé"].pseudonym == "Renard"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("note = 20", 1, ["« note »", "vouliez-vous dire « note_sur »"]),
        ("\n[poids]\nch09 = 1", 3, ["« poids.ch09 »", "vouliez-vous dire « ch90 »"]),
        ('[poids]\n"ch90.totl" = 1', 2, ["vouliez-vous dire « ch90.total »"]),
        ("[poids]\nch90 = -1", 2, ["un nombre, 0 ou plus", "et non « -1 »"]),
        ("[poids]\nch90 = true", 2, ["un nombre", "et non « true »"]),
        ("[echeances]\nch90 = 12", 2, ["une date entre guillemets", "ouvre"]),
        ('[echeances]\nch90 = "2 mars"', 2, ['"2026-03-02 23:59"', "et non « 2 mars »"]),
        ("[echeances]\nch90 = 2026-03-02T23:59", 2, ["ne se lit pas", "guillemets"]),
        ("[echeances]\nch90 = { ouvre = 2026-03-02 }", 2, ["il manque ferme"]),
        ("[echeances]\nch90 = {ouvre=2026-03-03, ferme=2026-03-02}", 2, ["après la fermeture"]),
        ('[echeances]\n"ch90.total" = 2026-03-02', 2, ["n’a pas de chapitre de ce nom"]),
        ("[retard]\npar_jour = 200", 2, ["de 0 à 100"]),
        ("[retard]\nplafon = 20", 2, ["vouliez-vous dire « plafond »"]),
        ("[apprenants.Bo]\njours_de_plus = 1.5", 2, ["un nombre entier de jours"]),
        ("[apprenants.Bo]\ntemps = 1.33", 2, ["cela ne change rien", "ouverture"]),
        ("[apprenants.Bo]\njours_de_plus = 1", 2, ["sans [echeances]"]),
        ('[apprenants.A]\npseudonyme="x"\n[apprenants.B]\npseudonyme="x"', 1, ["le pseudonyme"]),
        ('[apprenants.A]\npseudonyme = "../x"', 2, ["des lettres", "../x"]),
        ('[[binomes]]\nmembres = ["Bo"]', 2, ["deux noms ou plus"]),
        ('[[binomes]]\nmembres = ["A","B"]\nchapitres = ["ch9"]', 3, ["« ch9 »", "« ch90 »"]),
        ('binomes = "A et B"', 1, ["[[binomes]]"]),
        ('[[binomes]]\nmembres=["A","B"]\n[[binomes]]\nmembres=["A","C"]', 1, ["deux binômes"]),
        ("[rubrique.lab9]\nx = 0", 2, ["plus grand que 0"]),
        ("[rubrique]\nlab9 = 4", 2, ["écrivez un tableau, [rubrique.lab9]"]),
        ('remises = "rien.csv"', 1, ["un fichier qui existe"]),
        ('fuseau = "Paris"', 1, ["Europe/Paris"]),
        ("anonyme = 1", 1, ["true ou false"]),
        ("a b = 1", 1, ["« a b = 1 »", "ne se lit pas"]),
        ("[poids]\nch90 = 1\nch90 = 2", 3, ["déjà écrit plus haut"]),
    ],
)
def test_says_where_and_what_to_write(text, line, words):
    (told,) = mistakes(text)

    assert told.startswith(f"classe.toml, ligne {line}, ")
    assert not [word for word in words if word not in told], told


def test_tells_all_at_once():
    """A teacher corrects the whole file, and not a line at a time."""
    assert len(mistakes("note = 1\n[poids]\nch1 = 2\n[retard]\npar_jour = -1")) == 3


def test_what_the_guide_shows():
    """Each example of the teacher's guide is a file that the course itself follows."""
    exercises = [f"{key}.{name}" for key, one in chapters().items() for name in one.exercises]
    guide = (ROOT / "deploy" / "noter.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)

    assert [bool(parse(text, exercises).rubric) for text in examples] == [False, True]


def test_a_file_that_is_not_there_or_not_in_utf8(tmp_path):
    latin = tmp_path / "classe.toml"
    latin.write_bytes('[apprenants."Zoé"]'.encode("latin-1"))

    for path, word in ((Path("nowhere.toml"), "n’existe pas"), (latin, "UTF-8")):
        with pytest.raises(BadClassFile, match=word):
            read(path, EXERCISES)
