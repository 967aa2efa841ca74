"""What tests of the grader share: the small course, and learners who hand in notebooks of it."""

import json
import shutil

import zoo

from workbook.editions import solved_text, sources, student_edition
from workbook.editions.notebook import as_notebook

CHAPTER = "90_totaux"
RIGHT = {
    "ch90.total": "def order_total(lines):\n    return sum(price * n for price, n in lines)",
    "ch90.owner": 'owner = "inventory"',
}


def course(root):
    """A copy of the small course, and its chapter's source."""
    shutil.copytree(zoo.TESTS / "small_course", root / "course")
    return next(source for source in sources(root) if source.name == CHAPTER)


def environment(**added):
    """What a process that grades the small course is started with."""
    return zoo.python_environment(WORKBOOK_COURSE="small_course", **added)


def notebook(source, solved=False):
    """A notebook of the course, as JSON."""
    if solved:
        return as_notebook(source, solved_text)
    return json.loads(student_edition(source))


def answered(source, **answers):
    """A learner's notebook: `total="def …"` fills the answer cell of ch90.total."""
    found = notebook(source)
    for cell in found["cells"]:
        id = cell["metadata"].get("workbook", {}).get("answer", "")
        name = id.partition(".")[2]
        if name in answers:
            cell["source"] = answers[name]
    return found


def cell(found, id):
    """The cell of that id."""
    return next(one for one in found["cells"] if one.get("id") == id)


def hand_in(folder, found, name=CHAPTER):
    """Write a notebook where a learner hands it in."""
    folder.mkdir(parents=True, exist_ok=True)
    content = found if isinstance(found, bytes) else json.dumps(found).encode()
    (folder / f"{name}.ipynb").write_bytes(content)
    return folder
