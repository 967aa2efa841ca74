"""A measurement made again with other settings: by its form where there is one, once without."""

import pytest

from workbook import show

HEAD = ("lenteur (ms)", "règle", "demandes à la lente")


@pytest.fixture
def measured():
    """The settings each measurement was made with; a latency of 666 ms fails."""
    return []


@pytest.fixture
def trials(measured):
    def measure(number, option):
        if number == 666:
            raise RuntimeError("La boutique est fermée.")
        measured.append((number, option))
        return (7 * len(measured),)

    slider = show.slider("Lenteur", low=0, high=1000, step=50, value=100)
    return show.trials(measure, slider, show.options("Règle", ["tour", "moindre"]), HEAD)


def press(trials):
    trials._button.click()


def choose(trials, option):
    trials._option._buttons[option].value = True


class TestTrials:
    def test_measures_when_displayed(self, trials, measured, capsys):
        """Without a page, as under nbval: the first settings, once, and a table that says so."""
        trials._ipython_display_()
        trials._ipython_display_()

        assert measured == [(100, "tour")]
        assert trials.rows == [("100", "tour", 7)]
        assert "réglages" in capsys.readouterr().out

    def test_a_row_a_measurement(self, trials, measured):
        """The settings that stand in the form are those that are measured; old rows stay."""
        trials._ipython_display_()
        trials._number.value = 250
        choose(trials, "moindre")
        press(trials)

        assert measured == [(100, "tour"), (250, "moindre")]
        assert trials.rows == [("100", "tour", 7), ("250", "moindre", 14)]
        assert "250" in repr(trials.table())

    def test_failure_is_told(self, trials):
        """A shop that was closed meanwhile: the form says so, and may be used again."""
        trials._number.step = 1
        trials._number.value = 666
        press(trials)

        assert 'role="alert"' in trials._status.value
        assert "La boutique est fermée." in trials._status.value
        assert trials.rows == []
        assert not trials._button.disabled

    def test_no_option(self, trials, measured):
        """A switch that was released leaves nothing chosen: asked for, and nothing measured."""
        trials._option._buttons["tour"].value = False
        press(trials)

        assert "Choisissez" in trials._status.value
        assert measured == []
