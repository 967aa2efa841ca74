"""The command line `workbook`: build, progress, bets, grade, hand in, examine the machine."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from workbook.errors import WorkbookError
from workbook.settings import ROOT


class Parser(argparse.ArgumentParser):
    """argparse, where what it says by itself is in French."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, add_help=False, **options)
        self._positionals.title = "commandes et arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        """The usage line alone."""
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        """The whole help."""
        return super().format_help().replace("usage:", "usage :")

    def error(self, message: str) -> NoReturn:
        """End with status 2; argparse's English reason gives way to the usage line."""
        self.exit(2, f"Commande incomprise. {self.format_usage()}Aide : {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is the exit status: 1, and one line, where what is asked fails."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.print_help()
        return 2
    try:
        return options.run(options)
    except (WorkbookError, OSError) as error:
        print(error)
        return 1


def _parser() -> Parser:
    parser = Parser(prog="workbook", description="Le cours en ligne de commande.")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMANDE")

    build = commands.add_parser(
        "build", help="produit notebooks/, labs/ et solutions/ à partir de course/"
    )
    build.add_argument("names", nargs="*", metavar="NOM", help="seulement ces chapitres ou labs")
    build.add_argument(
        "--check", action="store_true", help="n’écrit rien ; échoue si quelque chose a dérivé"
    )
    build.add_argument("--force", action="store_true", help="exécute à nouveau les solutions")
    build.add_argument(
        "--root", type=Path, default=ROOT, metavar="DOSSIER", help="un autre cours que celui-ci"
    )
    build.set_defaults(run=_build)

    release = commands.add_parser("release", help="fait l’archive des apprenants, et l’essaie")
    release.add_argument(
        "--path", default="complet", metavar="PARCOURS", help="decouverte, module ou complet"
    )
    release.add_argument("--out", type=Path, required=True, metavar="FICHIER.zip", help="où écrire")
    release.add_argument(
        "--no-check", action="store_true", help="n’essaie pas l’archive : à vos risques"
    )
    release.add_argument(
        "--root", type=Path, default=ROOT, metavar="DOSSIER", help="un autre cours que celui-ci"
    )
    release.set_defaults(run=_release)

    progress = commands.add_parser("progress", help="affiche votre progression")
    progress.add_argument("chapter", nargs="?", metavar="CHAPITRE", help="par exemple ch07")
    progress.set_defaults(run=_progress)

    bets = commands.add_parser("bets", help="rassemble les paris d’une classe, pour les projeter")
    bets.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DOSSIER",
        help="un apprenant par dossier ou fichier",
    )
    bets.add_argument(
        "--out", type=Path, default=Path("paris"), metavar="DOSSIER", help="où écrire (paris/)"
    )
    bets.add_argument("--gift", action="store_true", help="les questions, pour Moodle")
    bets.add_argument("--wooclap", action="store_true", help="les questions, pour Wooclap")
    bets.set_defaults(run=_bets)

    _add_grading(commands)
    doctor = commands.add_parser("doctor", help="dit si cette machine peut suivre le cours")
    doctor.set_defaults(run=_doctor)
    return parser


def _add_grading(commands: argparse._SubParsersAction) -> None:
    grade = commands.add_parser("grade", help="note une classe : un dossier, ou un zip")
    grade.add_argument("submissions", type=Path, metavar="ENVOIS", help="un envoi par apprenant")
    grade.add_argument(
        "--out", type=Path, default=Path("notes"), metavar="RAPPORT", help="où écrire (notes/)"
    )
    grade.add_argument("--jobs", type=int, default=0, metavar="N", help="envois notés ensemble")
    grade.add_argument(
        "--again", nargs="+", default=[], metavar="NOM", help="note à nouveau ces apprenants"
    )
    grade.add_argument(
        "--cell-timeout", type=float, default=90.0, metavar="S", help="secondes par cellule (90)"
    )
    grade.add_argument(
        "--timeout", type=float, default=900.0, metavar="S", help="secondes par carnet (900)"
    )
    grade.add_argument(
        "--memory", type=int, default=3000, metavar="MO", help="mémoire par carnet (3000 Mo)"
    )
    grade.add_argument(
        "--moodle", type=Path, metavar="FEUILLE", help="la feuille de notes de Moodle, à remplir"
    )
    grade.add_argument(
        "--class",
        dest="rules",
        type=Path,
        metavar="FICHIER",
        help="classe.toml : poids, échéances, retards, binômes, points à la main",
    )
    grade.add_argument(
        "--hidden", type=Path, metavar="DOSSIER", help="des vérifications que personne n’a reçues"
    )
    grade.add_argument(
        "--never-lower", action="store_true", help="noter à nouveau n’enlève aucun point"
    )
    grade.add_argument(
        "--reason", default="", metavar="TEXTE", help="pourquoi noter à nouveau, pour changes.csv"
    )
    grade.set_defaults(run=_grade)

    export = commands.add_parser(
        "export-answers", help="donne les réponses d’une classe à JPlag ou à Dolos"
    )
    export.add_argument("report", type=Path, metavar="RAPPORT", help="le dossier d’une notation")
    export.add_argument("--out", type=Path, required=True, metavar="DOSSIER", help="où écrire")
    export.add_argument(
        "--root", type=Path, default=ROOT, metavar="DOSSIER", help="un autre cours que celui-ci"
    )
    export.set_defaults(run=_export)

    adopt = commands.add_parser(
        "adopt", help="ajoute une erreur inconnue à celles que le cours connaît"
    )
    adopt.add_argument("report", type=Path, metavar="RAPPORT", help="le dossier d’une classe notée")
    adopt.add_argument("learner", metavar="APPRENANT", help="celui dont la réponse est prise")
    adopt.add_argument("exercise", metavar="EXERCICE", help="par exemple ch07.publish")
    adopt.add_argument("--name", default="", metavar="NOM", help="le nom du fichier, après wrong_")
    adopt.add_argument(
        "--mistake", default="", metavar="MOTS", help="l’erreur en mots : « oublie(nt) la clé »"
    )
    adopt.add_argument(
        "--root", type=Path, default=ROOT, metavar="DOSSIER", help="un autre cours que celui-ci"
    )
    adopt.set_defaults(run=_adopt)

    submit = commands.add_parser("submit", help="montre ce qui sera pris de vos carnets, et jugé")
    submit.add_argument(
        "place", nargs="?", type=Path, metavar="CARNET", help="un carnet, un dossier ou un zip"
    )
    submit.add_argument("--dry-run", action="store_true", help="montre, sans rien remettre")
    submit.set_defaults(run=_submit)
    for parser in (grade, submit):
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="CHAPITRE", help="par exemple ch07 lab2"
        )
        parser.add_argument(
            "--root", type=Path, default=ROOT, metavar="DOSSIER", help="un autre cours que celui-ci"
        )


def _build(options: argparse.Namespace) -> int:
    from workbook.editions import UnknownSource, build, drift

    root = options.root.resolve()
    if not options.check:
        try:
            return 0 if build(root, options.names, options.force) else 1
        except UnknownSource as error:
            print(error)
            return 2
    mistakes = drift(root)
    for mistake in mistakes:
        print(mistake.located(root))
    print(f"{len(mistakes)} problème(s)." if mistakes else "Les éditions suivent leurs sources.")
    return 1 if mistakes else 0


def _release(options: argparse.Namespace) -> int:
    from workbook.editions.release import release

    tell = partial(print, flush=True)
    release(options.root.resolve(), options.path, options.out, not options.no_check, tell)
    return 0


def _progress(options: argparse.Namespace) -> int:
    from workbook.checks.progress import progress

    print(progress(options.chapter))
    return 0


def _bets(options: argparse.Namespace) -> int:
    from workbook.bets.classroom import report
    from workbook.checks.progress import titles

    lines = list(report(options.folder, options.out, titles(), options.gift, options.wooclap))
    print("\n".join(lines))
    return 0


def _grade(options: argparse.Namespace) -> int:
    from workbook.checks.progress import titles
    from workbook.grading.classroom import Asked, run
    from workbook.grading.running import MEGABYTE, Limits

    asked = Asked(
        options.submissions,
        options.out,
        options.root.resolve(),
        keys=options.only,
        jobs=options.jobs,
        again=options.again,
        limits=Limits(options.cell_timeout, options.timeout, options.memory * MEGABYTE),
        sheet=options.moodle,
        rules=options.rules,
        hidden=options.hidden,
        never_lower=options.never_lower,
        reason=options.reason,
    )
    try:
        for line in run(asked, titles(), partial(print, flush=True)):
            print(line)
    except KeyboardInterrupt:
        print("Interrompu : relancez la même commande, elle reprend où elle en était.")
        return 130
    return 0


def _export(options: argparse.Namespace) -> int:
    from workbook.grading.answers import export

    for line in export(options.report, options.out, options.root.resolve()):
        print(line)
    return 0


def _adopt(options: argparse.Namespace) -> int:
    from workbook.grading.adopt import adopt

    path = adopt(
        options.report,
        options.learner,
        options.exercise,
        options.root.resolve(),
        name=options.name,
        mistake=options.mistake,
    )
    print(f"{path}\nRelisez-la : sa première ligne dit ce que la carte doit contenir.")
    return 0


def _submit(options: argparse.Namespace) -> int:
    from workbook.grading.dry_run import lines

    if not options.dry_run:
        print("La remise se fait sur la page du cours ; --dry-run montre ce qui sera pris.")
        return 2
    for line in lines(options.place, options.root.resolve(), options.only):
        print(line, flush=True)
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    from workbook.doctor import examine

    symptoms = list(examine())
    for symptom in symptoms:
        print(symptom)
    if all(symptom.well for symptom in symptoms):
        print("Tout est prêt : make lab ouvre le cours.")
        return 0
    return 1


def _speak_utf8() -> None:
    """French needs more than the ASCII of a bare container's locale."""
    for stream in (sys.stdout, sys.stderr):
        if os.name != "nt" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


_speak_utf8()
