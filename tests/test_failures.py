"""The tree of failures: our saga has only right ends, every planted mistake has a shortest path."""

import re
import time
from dataclasses import replace

import failing_sagas
import pytest
from failing_sagas import OURS, PLANTED

from workbook.errors import WorkbookError
from workbook.failures import explore, failures
from workbook.failures.contract import PARTICIPANTS
from workbook.failures.saga import ARRIVES, DEAD_AFTER, FAULTS, TIME_UP, Situation

PNG = b"\x89PNG\r\n\x1a\n"


def explored(planted):
    return explore(planted.next_command, planted.participants, **planted.rules)


def told(steps):
    return [(step.what, step.command) for step in steps]


@pytest.fixture(scope="module")
def ours():
    return explored(OURS)


@pytest.fixture(scope="module")
def trees():
    return {planted.name: explored(planted) for planted in PLANTED}


class TestOurs:
    def test_is_right(self, ours):
        """Whatever is refused, lost, late or dead."""
        assert ours.is_right
        assert ours.path == []

    def test_explored_all(self, ours):
        """Every kind of step, every command and every way to end."""
        steps = {edge.step.what for edge in ours.edges}
        ends = {o.status for leaf in ours.leaves for o in ours.states[leaf.number].orders}

        assert steps >= {*FAULTS, TIME_UP, ARRIVES}
        assert {e.step.command for e in ours.edges} >= {command.name for command in PARTICIPANTS}
        assert ends == {"CONFIRMED", "REJECTED", "CANCELLED"}

    def test_merges_equal_states(self, ours):
        """Each state once, though most of them are reached several ways."""
        assert len(set(ours.states)) == len(ours.states)
        assert len(ours.edges) > 2 * len(ours.states)

    def test_says_so(self, ours):
        assert "Toutes les fins sont justes." in ours.sentence()

    def test_rivals(self, ours):
        """Two orders for the last article: one buys it, the other is told no."""
        rivals = [ours.states[leaf.number] for leaf in ours.leaves]
        pairs = {tuple(sorted(o.status for o in s.orders)) for s in rivals if len(s.orders) == 2}

        assert pairs == {("CONFIRMED", "REJECTED")}


class TestPlanted:
    @pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
    def test_is_red(self, trees, planted):
        """The mistake breaks the invariant that forbids it."""
        assert trees[planted.name].fatal.wrong == planted.breaks

    @pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
    def test_path_leads_there(self, trees, planted):
        """The path is a walk through the tree, from a beginning to the wrong leaf."""
        tree = trees[planted.name]
        nexts = {(edge.source, edge.step): edge.target for edge in tree.edges}
        starts = [number for number, depth in tree.depth.items() if depth == 0]

        ends = []
        for number in starts:
            for step in tree.path_to(tree.fatal.number):
                number = nexts.get((number, step))
            ends.append(number)

        assert tree.fatal.number in ends

    def test_shortest(self, trees):
        """No wrong leaf is nearer."""
        for tree in trees.values():
            lengths = [
                len(tree.path_to(leaf.number)) + len(leaf.loop)
                for leaf in tree.leaves
                if not leaf.is_right
            ]

            assert len(tree.path) == min(lengths)

    def test_key_made_anew(self, trees):
        """Charged, forgotten, charged again."""
        tree = trees["une clé neuve à chaque essai"]

        assert told(tree.path) == [
            ("answered", "reserve"),
            (DEAD_AFTER, "charge"),
            ("answered", "charge"),
        ]
        assert (
            "payments débite la carte, orders meurt avant de noter la réponse, "
            "orders repart : payments débite la carte une fois de plus : 59,80 € débités"
        ) in tree.sentence().replace("\xa0", " ")

    def test_command_comes_late(self, trees):
        """Without a tombstone, what arrives after its compensation still charges."""
        assert trees["pas de pierre tombale"].path[-1].what == ARRIVES

    def test_never_ends(self, trees):
        """The path goes on until it repeats itself."""
        tree = trees["ne finit jamais"]

        assert told(tree.path)[-1] == ("answered", "charge")
        assert "et cela recommence sans fin" in tree.sentence()

    def test_needs_no_failure(self, trees):
        """Two orders are enough to sell the last article twice."""
        assert not any(step.is_fault for step in trees["pas de verrou sémantique"].path)


class TestMistakes:
    def test_not_a_function(self):
        with pytest.raises(WorkbookError, match="sans l’appeler"):
            failures("reserve")

    def test_unknown_command(self):
        with pytest.raises(WorkbookError, match="«\u00a0pay\u00a0», qui n’est pas une commande"):
            failures(lambda history: "pay")

    def test_not_pure(self):
        answers = iter(["reserve", "charge"] * 50)

        with pytest.raises(WorkbookError, match="Pour le même journal"):
            failures(lambda history: next(answers))

    def test_own_error_is_shown(self):
        """The learner's exception is theirs."""
        with pytest.raises(ZeroDivisionError):
            failures(lambda history: 1 / 0)

    def test_its_history_is_a_copy(self):
        """Whoever empties it changes nothing."""

        def greedy(history):
            name = OURS.next_command(history)
            history.clear()
            return name

        assert failures(greedy).is_right

    def test_does_nothing(self):
        """An order confirmed without a sale."""
        assert failures(lambda history: None).fatal.wrong == ("I5", "I6")

    def test_keys_by_lot(self):
        """No participant recognizes what it is asked to undo."""
        tree = failures(OURS.next_command, key=lambda *_: str(time.perf_counter_ns()))

        assert not tree.is_right
        assert tree.path

    def test_one_order_alone(self):
        """A learner's first try may be judged without rivals."""
        alone = explore(
            OURS.next_command, failing_sagas.without_lock(), situations=[Situation("une commande")]
        )

        assert alone.is_right


class TestPicture:
    @pytest.mark.parametrize("planted", [OURS, *PLANTED], ids=lambda planted: planted.name)
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_is_drawn(self, planted, theme):
        """Every word on the page, and every end in the table."""
        tree = explored(planted)

        picture = tree.picture(theme)

        boxes = [label.box for label in picture._scene.labels if label.text]
        assert picture.png.startswith(PNG)
        assert all(box.left >= 0 and box.right <= picture._scene.width for box in boxes)
        assert picture.words.sentence == tree.sentence()
        assert 0 < len(picture.words.rows) <= len(tree.leaves)

    def test_fits_on_a_screen(self, trees):
        """Of hundreds of states, those near the fatal path; how many are left out is said."""
        tree = trees["une clé neuve à chaque essai"]

        scene = tree.picture()._scene

        told = [label.text for label in scene.labels if "non dessinés" in label.text]
        places = [int(label.text) for label in scene.labels if label.text.isdigit()]
        left_out = int(re.search(r"(\d+) non dessinés", told[0])[1])
        hidden = [int(label.text) for label in scene.labels if re.fullmatch(r"\+\d+", label.text)]
        assert scene.height < 1000
        assert 0 < left_out < len(tree.states)
        assert sum(hidden) == left_out
        assert sorted(places) == [*range(1, len(tree.path))]

    def test_small_tree_is_whole(self):
        """Nothing is left out of what can be seen at once."""
        calm = failures(OURS.next_command, situations=[Situation("sans panne", failing=False)])

        labels = calm.picture()._scene.labels

        assert not [label.text for label in labels if "non dessinés" in label.text]

    def test_same_words_each_time(self, ours):
        """Figures of this machine are not among them."""
        assert replace(ours, seconds=9.0).sentence() == ours.sentence()
