"""The answers zoo: every known right and wrong answer, run through the very cells of a chapter.

    course/ch07/answers/publish/right_*.py   at least 3, of different shapes
    course/ch07/answers/publish/wrong_*.py   at least 5, each with the words of its feedback

A file holds the whole source of the answer cell below its magic. A wrong one starts with a line
`# feedback: mot un | mot deux`, and may be a change of a right one, or of the chapter's `solution`:

    # change of: right_dictionary
    # feedback: description | remplacement complet
    # mistake: fusionne(nt) au lieu de remplacer
    -    catalogue[sku] = {**request.get_json(), "sku": sku}
    +    catalogue[sku] = {**catalogue.get(sku, {}), **request.get_json()}

A blank line parts two hunks; `changes.py` says the rest. The line `# mistake:` names it to a
teacher (`workbook.grading.catalogue`); `pytest --signatures` keeps what this run has measured of
each wrong answer, by which the mirror of a class knows it again. One kernel a chapter runs its
`setup` cells, then for each answer the answer cell and the check cell, as a learner would.
"""

import os
import queue
import time
from dataclasses import dataclass, field
from pathlib import Path

from basics import ROOT
from changes import StaleChange, changed

from workbook.checks import receipt
from workbook.checks.registry import find
from workbook.editions import solved_text, student_text
from workbook.editions.kernels import over_files
from workbook.grading import catalogue
from workbook.grading.catalogue import CHANGE, FEEDBACK, below_magic, header
from workbook.grading.signatures import NEAR, likeness, signature

TESTS = Path(__file__).resolve().parent
RIGHTS, WRONGS = 3, 5
RESULT = "application/vnd.workbook.result+json"
CELL_TIMEOUT = 120
REFUSED = ("incorrect", "error")
MARK = "zoo"
ASK = f"__import__('workbook.checks.receipt').checks.receipt.ask({MARK!r})\n"
MATRIX = "zoo"  # the user property in which a test reports its row
SIGNATURE = "signature"  # and the one in which it reports what the mirror knows an answer by

REMEMBER = "__zoo__ = {n: v for n, v in globals().items() if n != '__zoo__'}"
FORGET = """
for __name in [n for n in globals() if n not in __zoo__ and not n.startswith("_")]:
    del globals()[__name]
globals().update(__zoo__)
"""


def python_environment(**added):
    """What a Python of ours is started with: it finds the course, and its own byte code."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(TESTS)])} | added


def over_files_config():
    """The same, for nbclient."""
    from traitlets.config import Config  # slow, and conftest imports this module

    return Config(KernelManager=over_files())


@dataclass(frozen=True)
class Answer:
    """One answer cell, and what its check must conclude."""

    name: str
    text: str
    expected: str
    feedback: tuple[str, ...] = ()


@dataclass
class Seen:
    """What a cell displayed."""

    results: list = field(default_factory=list)
    verdicts: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    traceback: str = ""

    @property
    def outcome(self):
        """The verdict of the check, None if it gave none."""
        return self.results[-1]["outcome"] if self.results else None

    @property
    def verdict(self):
        """The whole verdict, with what each step found, as a grader keeps it."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def text(self):
        return "\n".join(self.texts)


class Kernel:
    """A real kernel, started as JupyterLab does, in `folder`."""

    def __init__(self, folder, progress, **environment):
        from jupyter_client.manager import KernelManager  # slow, and conftest imports this module

        self.manager = KernelManager(kernel_name="python3", **over_files())
        self.manager.start_kernel(
            env=python_environment(WORKBOOK_PROGRESS=str(progress), **environment),
            cwd=str(folder),
            extra_arguments=["--log-level=ERROR"],
        )
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, code, timeout=CELL_TIMEOUT):
        """Run a cell to its end and return what it displayed."""
        sent = self.client.execute(code, store_history=False, allow_stdin=False)
        seen = Seen()
        deadline = time.monotonic() + timeout
        while True:
            message = self._next(sent, deadline)
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                seen.texts.append(content["text"])
            elif kind in ("display_data", "execute_result"):
                seen.texts.append(content["data"].get("text/plain", ""))
                if RESULT in content["data"]:
                    seen.results.append(content["data"][RESULT])
                if receipt.MIME in content["data"]:
                    seen.verdicts.append(content["data"][receipt.MIME]["verdict"])
            elif kind == "error":
                seen.errors.append(f"{content['ename']}: {content['evalue']}")
                seen.traceback += "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                return seen

    def interrupt(self):
        self.manager.interrupt_kernel()

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _next(self, sent, deadline):
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                if not self.manager.is_alive():
                    raise AssertionError("the kernel died while running a cell") from None
                if time.monotonic() > deadline:
                    raise AssertionError("a cell never ended") from None
                continue
            if message["parent_header"].get("msg_id") == sent:
                return message


class Chapter:
    """A source and its kernel; runs answers in the order of its exercises."""

    def __init__(self, source, progress, **environment):
        self.source = source
        self.kernel = Kernel(source.path.parent, progress, **environment)
        self._next_setup = 0
        self.kernel.run(REMEMBER)

    def verdict(self, exercise, text):
        """Run `text` as the answer of `exercise`, then its check cell."""
        self._set_up(exercise)
        self.kernel.run(FORGET)
        answered = self.kernel.run(text)
        seen = self.kernel.run(ASK + cell_of(self.source, "check", exercise).text)
        seen.texts = answered.texts + answered.errors + seen.texts + seen.errors
        return seen

    def close(self):
        self.kernel.close()

    def _set_up(self, exercise):
        end = self.source.cells.index(cell_of(self.source, "check", exercise))
        for cell in self.source.cells[self._next_setup : end]:
            if "setup" in cell.tags and cell.kind == "code":
                self.kernel.run(FORGET)
                seen = self.kernel.run(solved_text(cell))
                assert not seen.errors, f"setup of {self.source.name}: {seen.errors}"
                self.kernel.run(REMEMBER)
        self._next_setup = max(self._next_setup, end)


def folder_of(source, exercise):
    """Where the answers to `exercise` are: `course/ch07/answers/publish`."""
    return source.path.parent / "answers" / exercise.partition(".")[2]


def cell_of(source, role, exercise):
    """The cell that is the `answer` or the `check` of `exercise`."""
    return next(cell for cell in source.cells if getattr(cell, role) == exercise)


def answers(source, exercise):
    """The untouched stub, the chapter's own solution, then the zoo's files."""
    cell = cell_of(source, "answer", exercise)
    solution = solved_text(cell)
    yield Answer("stub", student_text(cell), "not_attempted")
    yield Answer("solution", solution, "passed")
    for path in sorted(folder_of(source, exercise).glob("*.py")):
        yield answer(path, solution)


def answer(path, solution):
    """Read one file of the zoo; `solution` is the chapter's own answer, with its magic."""
    magic, program = below_magic(solution)
    said, text = header(path)
    if CHANGE in said:
        text = changed(base_of(path, said[CHANGE], program), text, path.name)
    words = tuple(word.strip() for word in said.get(FEEDBACK, "").split("|") if word.strip())
    expected = "passed" if path.stem.startswith("right_") else "refused"
    return Answer(path.stem, magic + text, expected, words)


def base_of(path, name, solution):
    """What the answer in `path` is a change of; raises `StaleChange` when that is gone."""
    bases = {right.stem: right for right in path.parent.glob("right_*.py")}
    if name not in {"solution", *bases}:
        raise StaleChange(f"{path.name}: {name} is neither the solution nor a right answer")
    return bases[name].read_text(encoding="utf-8") if name in bases else solution


def judge(chapter, exercise, answers):
    """Run the answers: (name, outcome, complaint) each, the complaint empty when as expected."""
    return [
        (answer.name, seen.outcome, complaint(answer, seen))
        for answer in answers
        for seen in [chapter.verdict(exercise, answer.text)]
    ]


def complaint(answer, seen):
    """Why this verdict is not the expected one; empty when it is."""
    allowed = REFUSED if answer.expected == "refused" else (answer.expected,)
    if seen.outcome not in allowed:
        return f"{answer.name}: {seen.outcome}, expected {answer.expected}\n{seen.text}"
    if answer.expected == "refused" and not answer.feedback:
        return f"{answer.name}: it must say “# {FEEDBACK}: words | words”"
    card = plain(seen.text)
    absent = [word for word in answer.feedback if plain(word) not in card]
    return f"{answer.name}: the card does not say {absent}\n{seen.text}" if absent else ""


def with_spaces(text):
    """French no-break spaces as ordinary ones."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


def plain(text):
    """Case, apostrophes and kinds of space do not matter to a reader."""
    return " ".join(text.casefold().replace("’", "'").split())


def too_few(folder):
    """What is missing to a zoo worth its name, empty when enough."""
    rights = len(list(folder.glob("right_*.py")))
    wrongs = len(list(folder.glob("wrong_*.py")))
    if rights >= RIGHTS and wrongs >= WRONGS:
        return ""
    return f"{rights} right and {wrongs} wrong answers, at least {RIGHTS} and {WRONGS}"


def signature_of(exercise, seen):
    """What the mirror knows this answer by: empty where it passed, or has no verdict."""
    return signature(seen.verdict, find(exercise).asks) if seen.verdict else ()


def estranged(exercise, name, found):
    """Why the mirror would no longer know this wrong answer; empty where it would, or never did.

    Only its first failure is compared, the one whose words are promised: a later one may be a race.
    """
    known = _catalogue(exercise).known
    if not known:
        return ""
    own = [one.signature[:1] for one in known if name in one.answers]
    if any(likeness(found[:1], one) >= NEAR for one in own):
        return ""
    return f"{name}: run pytest with --signatures, its catalogue knows {own}, this is {found[:1]}"


def _catalogue(exercise):
    key, _, name = exercise.partition(".")
    return catalogue.read(ROOT / "course" / key / "answers" / name, find(exercise))


def print_estranged(terminal):
    """Name the wrong answers that the mirror would no longer know; no failure, it only guesses."""
    for exercise, runs in sorted(_reported(terminal, SIGNATURE).items()):
        for answer, failures in runs:
            found = tuple(map(catalogue.failure, failures))
            if answer.startswith("wrong_") and (why := estranged(exercise, answer, found)):
                terminal.line(f"miroir : {exercise}, {why}")


def keep_signatures(terminal):
    """Add what this run has measured to the catalogues of known mistakes, beside the answers."""
    for exercise, runs in sorted(_reported(terminal, SIGNATURE).items()):
        measured = [(answer, tuple(map(catalogue.failure, failures))) for answer, failures in runs]
        catalogue.write(catalogue.with_runs(_catalogue(exercise), find(exercise), measured))


def _reported(terminal, wanted):
    """What tests have reported by exercise, (answer, value) pairs, from whatever process."""
    properties = [p for rs in terminal.stats.values() for r in rs for p in _properties(r)]
    found = {}
    for name, value in properties:
        if name == wanted:
            exercise, answer, told = value
            found.setdefault(exercise, []).append((answer, told))
    return found


def print_matrix(terminal):
    """The confusion matrix of the run, one line an exercise."""
    verdicts = _reported(terminal, MATRIX)
    if not verdicts:
        return
    terminal.section("Le zoo des réponses : acceptées et refusées")
    terminal.line(f"{'exercice':<24} justes acceptées  fausses refusées  ébauche à faire")
    for exercise, found in sorted(verdicts.items()):
        accepted, refused, stub = matrix_row(found)
        terminal.line(f"{exercise:<24} {accepted:>17}  {refused:>16}  {stub:>15}")


def matrix_row(verdicts):
    """Right answers accepted, wrong ones refused, the stub left to do, of (name, outcome) pairs."""
    rights = [outcome == "passed" for name, outcome in verdicts if _is_right(name)]
    wrongs = [outcome in REFUSED for name, outcome in verdicts if name.startswith("wrong_")]
    stubs = [outcome == "not_attempted" for name, outcome in verdicts if name == "stub"]
    return [f"{sum(found)}/{len(found)}" for found in (rights, wrongs, stubs)]


def _is_right(name):
    return name == "solution" or name.startswith("right_")


def _properties(report):
    return getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ()
