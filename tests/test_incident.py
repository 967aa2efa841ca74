"""The black box: states over time, events in words, a page; from tapes written by hand."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.incident_tapes import (
    BACK,
    BEGAN,
    HOSTILE,
    KILLED,
    SECONDS,
    event,
    orders_dies,
    request,
    states,
    tape_of,
)
from workbook import logbook
from workbook.errors import WorkbookError
from workbook.incident import Incident, Recorder, load
from workbook.incident.again import Comparison, play_again
from workbook.incident.film import Film, Palette, in_words, most_telling
from workbook.incident.page import page, stories_in
from workbook.incident.replay import Replay
from workbook.incident.states import step_of
from workbook.incident.story import as_json, from_json, story_of
from workbook.incident.tape import ACT, ASKED, RECORD, STATES, Act, Asked, Entry
from workbook.incident.timeline import timeline
from workbook.telemetry.spans import Telemetry


@pytest.fixture(scope="module")
def story():
    return story_of(orders_dies(), BEGAN + SECONDS)


@pytest.fixture(scope="module")
def html(story):
    return page([("", story)])


def graph_at(story, at):
    return story.graphs[story.frame_at(at)]


class Watched:
    """A shop reduced to what a recorder asks of one."""

    def __init__(self):
        self.telemetry = Telemetry()
        self.recorder = None

    def observe(self):
        self.recorder.saw(states())
        return states()


class TestRecorder:
    @pytest.fixture
    def recorder(self):
        shop = Watched()
        shop.recorder = Recorder(shop)
        shop.recorder.start()
        yield shop.recorder, shop.telemetry
        shop.recorder.stop()

    def kinds(self, tape):
        return [entry.kind for entry in tape.entries if entry.kind != STATES]

    def test_keeps_what_passes_by(self, recorder):
        """Spans and events, the acts, the requests: in the order they were heard."""
        recorder, telemetry = recorder
        recorder.did("kill", "orders")
        telemetry.add(request(1, 1)[0].content)
        recorder.asked(Asked("gateway", "GET", "/products", None, {}, None, True, "1"))

        assert self.kinds(recorder.stop()) == [ACT, RECORD, ASKED]

    def test_nothing_after_the_end(self, recorder):
        """A stopped recorder hears nothing, and stopping it twice changes nothing."""
        recorder, telemetry = recorder
        tape = recorder.stop()
        telemetry.add(request(1, 1)[0].content)

        assert recorder.stop() is tape
        assert self.kinds(tape) == []

    def test_full_box_says_so(self, recorder, monkeypatch):
        """It ends there, and the story tells it; nothing is left out in silence."""
        monkeypatch.setattr("workbook.incident.tape.MOST_ENTRIES", 5)
        recorder, _ = recorder
        for _ in range(9):
            recorder.did("kill", "orders")
        tape = recorder.stop()

        assert len(tape.entries) == 5
        assert "boîte noire est pleine" in story_of(tape, tape.ended).events[-1].words

    def test_secrets_stay_out(self, recorder):
        """Neither a password nor a token is kept: a page is handed out."""
        recorder, _ = recorder
        headers = {"Authorization": "Bearer secret", "Idempotency-Key": "k1"}
        body = {"username": "alice", "password": "secret"}
        recorder.asked(Asked("gateway", "POST", "/auth/login", body, headers, None, True, "1"))

        assert "secret" not in repr(recorder.stop().entries)
        assert "k1" in repr(recorder.tape.entries)

    def test_ordinary_log_lines_stay_out(self, recorder):
        """A thousand INFO lines say what the spans say; an error is kept."""
        recorder, telemetry = recorder
        for level in ("INFO", "ERROR"):
            telemetry.feed("orders-1", {"kind": "log", "level": level, "message": "m"})

        assert [e.content["level"] for e in recorder.stop().of(RECORD)] == ["ERROR"]


class TestStates:
    def test_of_one_shape(self, story):
        """Nothing on the map moves while it is played."""
        assert len({(frozenset(g), frozenset(g.edges)) for g in story.graphs}) == 1

    def test_death_is_seen_at_once(self, story):
        """At its own moment, before anybody has looked at the processes again."""
        before, at, after = (
            graph_at(story, t).nodes["orders"] for t in (KILLED - 1, KILLED, BACK + 0.5)
        )

        assert (before["health"], at["health"], after["health"]) == ("ok", "down", "ok")
        assert at["reason"] == "arrêté net (kill -9)"

    def test_breaker_moves_with_its_event(self, story):
        """Open one second after the death."""
        edges = [graph_at(story, t).edges["gateway", "orders"]["breaker"] for t in (4.5, 5)]

        assert edges == [None, "open"]

    def test_queue_depths(self, story):
        """As they were sampled."""
        assert graph_at(story, 7).nodes["queue:notifications.orders"]["depth"] == 60

    def test_errors_come_and_go(self, story):
        """The share of errors of the last ten seconds, as on the live map."""
        shares = [graph_at(story, t).graph["total_error_rate"] for t in (3, 8)]

        assert shares[0] == 0
        assert shares[1] == pytest.approx(0.5)

    def test_what_was_observed_before(self):
        """The traffic of the ten seconds before the recording is on its first map."""
        before = Telemetry(lambda: BEGAN)
        for entry in request(1, -1):
            before.add(entry.content)
        tape = replace(tape_of([Entry(BEGAN, STATES, states())]), before=before)

        assert story_of(tape, BEGAN + 1).graphs[0].nodes["gateway"]["rate"] > 0

    def test_five_minutes_are_three_hundred_frames(self):
        """Finer when it is short; never finer than half a second."""
        assert [step_of(seconds) for seconds in (1, 20, 150, 300, 600)] == [0.5, 0.5, 0.5, 1, 2]


class TestTimeline:
    def told(self, *entries):
        tape = tape_of([Entry(BEGAN, STATES, states()), *entries])
        return [e.words for e in story_of(tape, tape.ended).events]

    def test_a_death_in_order(self, story):
        """The act, the death, the failures, the breaker, the letters, the return."""
        assert [e.kind for e in story.events] == [
            *("act", "exit", "request", "breaker", "queue", "queue"),
            *("request", "act", "start", "queue"),
        ]

    def test_in_french(self, story):
        """No-break spaces as everywhere."""
        words = [e.words for e in story.events]

        assert "«\u00a0orders\u00a0» est tué (kill -9)" in words
        assert "«\u00a0orders-1\u00a0»\u00a0: arrêté net (kill -9)" in words
        assert "première requête en échec\u00a0: POST /orders → 503" in words
        assert "2 lettres mortes dans «\u00a0notifications.orders.dead\u00a0»" in words

    def test_broker_lost_and_found(self):
        """RabbitMQ has no process of the shop's: its silence is the event."""
        lost = Entry(BEGAN + 2, STATES, states(failure="RabbitMQ ne répond plus"))
        found = Entry(BEGAN + 4, STATES, states())

        assert self.told(lost, found) == ["RabbitMQ ne répond plus", "RabbitMQ répond de nouveau"]

    def test_retry_storm(self):
        """Four failing calls for each request served."""
        storm = [e for n in range(30) for e in request(n, 1 + n / 10, failed=True, tries=4)]
        words = [w for w in self.told(*storm) if w.startswith("tempête")]

        assert words == [
            "tempête de relances\u00a0: «\u00a0orders\u00a0» appelle «\u00a0payments\u00a0» "
            "4 fois par requête"
        ]

    def test_same_error_told_once(self):
        """A log that repeats itself says how often."""
        record = {"kind": "log", "level": "ERROR", "service": "orders", "message": "a\nb"}
        words = self.told(*(Entry(BEGAN + n, RECORD, dict(record)) for n in (1, 2, 3)))

        assert words == ["«\u00a0orders\u00a0» note une erreur\u00a0: a b (3 fois)"]

    def test_bets_of_the_logbook(self, tmp_path, monkeypatch):
        """A bet laid during the incident stands among its events."""
        monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
        logbook.record("bet", "ch05.hang", answer=15)
        logbook.record("check", "ch05.hang", outcome="passed")
        now = logbook.records().__next__()["time"]
        tape = replace(tape_of([]), began=_epoch(now) - 1, ended=_epoch(now) + 5)

        assert [e.kind for e in timeline(tape, [], [])] == ["bet"]


def _epoch(text):
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


class TestKept:
    def test_by_hand_failed_and_one_good(self, story):
        """Of sixty requests, five: mine, the first three failures, one that went well."""
        assert [kept.failed for kept in story.requests] == [False, False, True, True, True]

    def test_steps_go_along_edges(self, story):
        """What is followed on the map: client to gateway, gateway to orders, orders to payments."""
        edges = [edge for _, edge in story.requests[0].steps()]

        assert edges == [("client", "gateway"), ("gateway", "orders"), ("orders", "payments")]
        assert set(edges) <= set(story.graphs[0].edges)

    def test_flow_counts_all(self, story):
        """Every request is counted, kept or not."""
        assert (story.total.requests, story.total.failed) == (60, 20)


class TestFilm:
    def test_agrees_with_the_picture(self, story):
        """SVG and PNG are one drawing: every label and box of the scene, at the worst moment."""
        still = most_telling(story.graphs)
        film = Film(story.graphs, Palette(), still)
        film._light.update(story.graphs[still], requests=False)
        svg, scene = film.svg(""), film._light.scene
        written = re.findall(r"<tspan[^>]*>([^<]*)</tspan>", svg)
        lines = [line for label in scene.labels for line in label.text.split("\n")]

        assert sorted(map(_unescaped, written)) == sorted(lines)
        assert len(re.findall(r"<(?:path|rect)\b", svg)) - 2 + len(scene.labels) == len(
            scene.shapes()
        )
        for x, y in film.places.values():
            assert 0 < x < film.size[0]
            assert 0 < y < film.size[1]

    def test_tracks_lead_to_each_frame(self, story):
        """What the script puts in place at a frame is what is drawn at that frame."""
        film = Film(story.graphs, Palette(), 0)
        last = Film(story.graphs[::-1], film._palette, 0)
        elements = [dict(e) for e in film._still]
        for place, name, track in film.tracks:
            elements[place][name] = film.values[track[-1]]

        assert elements == last._still

    def test_worst_moment(self, story):
        """What is printed where nothing moves: orders dead, its breaker open."""
        words = in_words(story.graphs[most_telling(story.graphs)])

        assert "orders en panne\u00a0: arrêté net (kill -9)" in words
        assert "disjoncteur ouvert\u00a0: gateway → orders" in words


def _unescaped(text):
    from html import unescape

    return unescape(text)


class TestPage:
    def test_asks_for_nothing(self, html):
        """No address but the namespaces'; a policy that forbids all but its own script."""
        assert not re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?https?:", html)
        assert "default-src 'none'" in html

    def test_hostile_words_are_text(self):
        """A log or a name that closes the script closes nothing."""
        poison = {"kind": "log", "level": "ERROR", "service": HOSTILE, "message": HOSTILE}
        tape = orders_dies()
        tape.entries.append(Entry(BEGAN + 9, RECORD, poison))
        html = page([(HOSTILE, story_of(tape, tape.ended))])

        assert "<img" not in html
        assert html.count("</script>") == 3

    def test_reads_without_script(self, html, story):
        """Each event and each second is a row of a table."""
        rows = re.findall(r"<tr data-run.*?</tr>", html)

        assert len(rows) == len(story.events)
        assert html.count('class="figure">') >= len(story.flow) * 3

    def test_loads_again(self, tmp_path, story):
        """The page is the file that is handed out: all that was told is in it."""
        again = load(Incident(story=story).save(tmp_path / "panne.html")).story

        assert as_json(again) == as_json(story)
        assert again.events == story.events
        assert [dict(g.nodes(data=True)) for g in again.graphs] == [
            dict(g.nodes(data=True)) for g in story.graphs
        ]

    def test_same_story_same_page(self, story, html):
        """To the byte."""
        assert page([("", story)]) == html

    @pytest.mark.parametrize(
        "text", ["<html>", '<script type="application/gzip" class="incident">AAAA</script>']
    )
    def test_other_files_are_told(self, tmp_path, text):
        """A page that holds no incident, or a torn one."""
        (tmp_path / "autre.html").write_text(text)

        with pytest.raises(WorkbookError, match="incident"):
            load(tmp_path / "autre.html")

    def test_another_version_is_told(self, story):
        """Rather than half read."""
        with pytest.raises(WorkbookError, match="version"):
            from_json(as_json(story) | {"version": 99})

    def test_five_minutes_weigh_little(self):
        """Ten requests a second for five minutes, in 400 KB."""
        tape = orders_dies(rate=10, seconds=300)
        html = page([("", story_of(tape, tape.ended))])

        assert len(html.encode()) <= 400_000

    def test_two_runs_in_one_page(self, story):
        """« Et si ? »: both maps, both tables, both stories."""
        html = page([("D’abord", story), ("Et si\u00a0?", story)])

        assert html.count("<figure") == 2
        assert len(stories_in(html)) == 2


class TestReplay:
    def test_walks_from_event_to_event(self, story):
        """Next, next, previous: as with the keyboard."""
        replay = Replay([("", story)])
        replay._after.click()
        first = replay.frame
        replay._after.click()
        replay._before.click()

        assert first == replay.frame == story.frame_at(story.events[0].at)

    def test_says_what_it_shows(self, story):
        """The line under the map, and the events in words, for who cannot see it."""
        replay = Replay([("", story)])
        replay._slider.value = story.frame_at(KILLED)

        assert "orders en panne" in replay._runs[0]._words.value
        assert repr(replay).count("\n") == len(story.events) - 1

    def test_follows_a_request(self, story):
        """Its way lies over the map, its steps are a table."""
        replay = Replay([("", story)])
        replay._request.value = replay._request.options[1][1]

        assert replay._runs[0]._way.value.count("<path") == 3
        assert "orders" in replay._steps.value

    def test_names_are_escaped(self, story):
        """In the notebook as on the page."""
        replay = Replay([(HOSTILE, story)])

        assert "<img" not in replay._runs[0].box.children[0].value


class Played:
    """A shop that notes what is played in it, and records what it is told to."""

    def __init__(self, story):
        self.story, self.heard = story, []
        self.broker = SimpleNamespace(kill=lambda: self.heard.append(("broker killed",)))

    def heal(self, names):
        self.heard.append(("heal", *names))

    def record(self):
        return Incident(story=self.story)

    def __getattr__(self, verb):
        return lambda *arguments, **options: self.heard.append((verb, *arguments, options))

    def customer(self, peer, username):
        return lambda asked: self.heard.append((username, asked.method, asked.path))


class TestAgain:
    def test_same_acts_and_requests_one_change(self, story):
        """The change first, then everything at its time; the traffic's requests, not its button."""
        brief = replace(
            story,
            seconds=0.05,
            asked=[(0.01, story.asked[0][1])],
            acts=[(0.0, Act("start_traffic", (10,), {})), (0.02, Act("kill", ("orders",), {}))],
        )
        ground = Played(brief)
        play_again(brief, ground, {"orders": {"crash": "orders:after_charge:1"}})

        assert sorted(map(str, ground.heard[2:4])) == sorted(
            [str(("bob", "POST", "/orders")), str(("kill", "orders", {}))]
        )
        assert ground.heard[1] == ("fault", "orders", {"crash": "orders:after_charge:1"})
        assert ground.heard[0][0] == ground.heard[-1][0] == "heal"

    def test_death_of_the_broker(self, story):
        """An act like any other: told, and done again."""
        tape = orders_dies()
        tape.entries.append(Entry(BEGAN + 1, ACT, Act("broker.kill", (), {})))
        told = story_of(tape, BEGAN + SECONDS)
        ground = Played(replace(told, seconds=0.05, asked=[], acts=[(0.0, told.acts[-1][1])]))
        play_again(ground.story, ground, {})

        assert "RabbitMQ est tué (kill -9)" in [event.words for event in told.events]
        assert ("broker killed",) in ground.heard

    def test_needs_a_shop(self, story):
        """A loaded incident has none."""
        with pytest.raises(WorkbookError, match="boutique"):
            Incident(story=story).again(orders={"slow": 1})

    def test_compares_in_figures(self, story, tmp_path):
        """One table, one page, one replay for both."""
        both = Comparison(Incident(story=story), Incident(story=story), {"orders": {"slow": 1}})

        assert both.rows()[1] == ("Échecs", "20 (33\u202f%)", "20 (33\u202f%)")
        assert "Et si\u00a0? orders\u00a0: slow=1" in repr(both)
        assert "<figure" in both.save(tmp_path / "et-si.html").read_text(encoding="utf-8")
        assert len(both.replay()._runs) == 2


def test_story_is_json(story):
    """All of it: what is handed out is read anywhere."""
    assert json.loads(json.dumps(as_json(story)))["seconds"] == SECONDS


def test_events_that_name_nobody(story):
    """A record that says nothing we know changes nothing."""
    tape = orders_dies()
    tape.entries.insert(5, event(KILLED + 0.4, "nobody", "unheard"))

    assert len(story_of(tape, tape.ended).events) == len(story.events)
