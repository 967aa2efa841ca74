"""Experiments on identity: two doors, a dead auth, a revoked token, forged tokens, new keys.

What an experiment kills or sets is given back when it ends, also by an exception or Ctrl-C.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from course.ch10.bets import (
    A_MINUTE,
    AT_ONCE,
    BOTH,
    ENTERS,
    NEITHER,
    REFUSED,
    TO_THE_END,
    VERIFYING,
)
from course.ch10.forging import FORGERIES, Issuer, claims, hasty, obeys_the_header, strict
from workbook import show
from workbook.errors import WorkbookError
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.views.canvas.picture import Picture

__all__ = ["Issuer", "claims"]

DOOR = "porte"
ASKS, CHECKS, OPEN = "demander à auth", "vérifier soi-même", "ne rien demander"
PATHS = {OPEN: "/open", CHECKS: "/verify", ASKS: "/ask"}
DOOR_SOURCE = """\
from course.ch10.door import create_door
from services.chassis.calls import service

app = create_door(service("auth"))
"""
PRODUCT = {"sku": "VASE", "name": "Vase", "price_cents": 1490}
LIFETIME, LONGEST = 3, 8  # seconds that a token lives, for the time of one experiment
PATIENCE, FRESH_STARTS = 30.0, 4
BUSY = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
NOBODY = {"Authorization": ""}  # instead of the token of whoever is signed in


# -- tokens ----------------------------------------------------------------------------------------


def parts(token: str) -> dict[str, Any]:
    """Header and payload of a token, read as anybody can: without a key."""
    head, body, _ = token.split(".")
    return {"header": _read(head), "payload": _read(body)}


def log_in(shop: Shop, username: str) -> str:
    """A token of `username`, by the gateway; the shop's own customer stays who it is."""
    found: list[Response] = []

    def answered() -> bool:
        found.append(_ask_for_a_token(shop, username))
        return found[-1].ok

    # An auth that was restarted a moment ago may not be found yet.
    if not until(answered, patient(PATIENCE), every=0.1):
        raise WorkbookError(f"« {username} » ne peut pas se connecter : {found[-1]!r}")
    return found[-1].json()["access_token"]


def _ask_for_a_token(shop: Shop, username: str) -> Response:
    account = {"username": username, "password": shop.env("auth")["DEMO_PASSWORD"]}
    return shop.post("/auth/login", account, headers=NOBODY)


def bearer(token: str) -> dict[str, str]:
    """The header that shows this token."""
    return {"Authorization": f"Bearer {token}"}


def damaged(token: str) -> str:
    """The token with one letter of its signature changed; not the last, which holds spare bits."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def _read(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


# -- the six arrows --------------------------------------------------------------------------------


def first_request(shop: Shop) -> Response:
    """Alice's profile, asked of a gateway and a users that have just started."""
    for _ in range(FRESH_STARTS):
        for name in ("gateway", "users"):
            shop.restart(name)
        answer = _profile_when_ready(shop)
        # On a busy machine the keys may have come with a try that was answered 503.
        if sum(_is_call_to_auth(span) for span in shop.spans(answer)) == 2:
            break
    return answer


def questions_to_auth(shop: Shop, requests: int = 20) -> int:
    """How often a fresh gateway calls auth while it lets Alice through so many times."""
    shop.restart("gateway")
    answers = [_profile_when_ready(shop)]
    answers += [shop.get("/users/me") for _ in range(requests - 1)]
    return sum(_asks_auth(span) for answer in answers for span in shop.spans(answer))


def _is_call_to_auth(span: Mapping[str, Any]) -> bool:
    """For a key, or for anything else."""
    return span["span_kind"] == "client" and span["attributes"].get("peer.service") == "auth"


def _asks_auth(span: Mapping[str, Any]) -> bool:
    """Such a call, of the gateway's."""
    return span["service"] == "gateway" and _is_call_to_auth(span)


def profile(shop: Shop, headers: dict[str, str] | None = None) -> Response:
    """What `GET /users/me` answers once nobody is too busy to say: neither 503 nor 504."""
    found: list[Response] = []

    def answered() -> bool:
        found.append(shop.get("/users/me", headers=headers))
        return found[-1].status_code not in BUSY

    until(answered, patient(PATIENCE), every=0.1)
    return found[-1]


def _profile_when_ready(shop: Shop) -> Response:
    """Just started, a service looks for the others: the first answer may be 503."""
    found: list[Response] = []

    def answered() -> bool:
        found.append(shop.get("/users/me"))
        return found[-1].ok

    if not until(answered, patient(PATIENCE), every=0.1):
        raise WorkbookError(f"La boutique ne répond pas à Alice : {found[-1]!r}")
    return found[-1]


# -- two doors -------------------------------------------------------------------------------------


def open_doors(shop: Shop) -> None:
    """Start the service with the two doors, and let each be passed once."""
    shop.serve(DOOR, DOOR_SOURCE)
    token = log_in(shop, "alice")
    for path in PATHS.values():
        until(lambda p=path: shop[DOOR].get(p, headers=bearer(token)).ok, patient(PATIENCE), 0.1)


def time_doors(shop: Shop, rounds: int = 40) -> dict[str, list[float]]:
    """Seconds spent inside each door, by so many requests in turn; see its Server-Timing."""
    headers = bearer(log_in(shop, "alice"))
    seconds: dict[str, list[float]] = {way: [] for way in PATHS}
    for _ in range(rounds):
        for way, path in PATHS.items():
            spent = shop[DOOR].get(path, headers=headers).headers["Server-Timing"]
            seconds[way].append(float(spent.partition("dur=")[2]) / 1000)
    return seconds


def show_times(seconds: Mapping[str, list[float]]) -> Picture:
    """The share of requests that took at most so long, a curve a door."""
    return show.distribution(seconds, title="Entrer par chaque porte")


def price_of_asking(seconds: Mapping[str, list[float]]) -> float:
    """How many times longer the door that asks takes: the ratio of the medians."""
    medians = {way: statistics.median(values) for way, values in seconds.items()}
    return round(medians[ASKS] / medians[CHECKS], 1)


class Entries(dict[str, int]):
    """The status each door answered, shown as a table."""

    def _table(self) -> Any:
        rows = [(name, _said(status)) for name, status in self.items()]
        return show.table(("Qui demande quoi", "Réponse"), rows, left=2)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def let_in(self) -> str:
        """The option of bet `ch10.dead` that came true."""
        passed = [self[way] == HTTPStatus.OK for way in (ASKS, CHECKS)]
        return {(True, True): BOTH, (False, True): VERIFYING}.get(tuple(passed), NEITHER)


def without_auth(shop: Shop) -> Entries:
    """Kill auth; see who still lets Alice in, and whether anybody new can come."""
    token = log_in(shop, "alice")
    _profile_when_ready(shop)
    with _dead(shop, "auth"):
        entries = {
            way: shop[DOOR].get(PATHS[way], headers=bearer(token)).status_code
            for way in (ASKS, CHECKS)
        }
        entries["lire son profil, par la passerelle"] = shop.get("/users/me").status_code
        entries["se connecter"] = _ask_for_a_token(shop, "bob").status_code
    open_doors(shop)  # else the breaker of the one that asked would stay open for a while
    return Entries(entries)


class Watch(dict[str, float]):
    """Seconds each door went on letting a revoked token in, of the `left` it had to live."""

    def __init__(self, left: float) -> None:
        super().__init__()
        self.left = left

    def _ipython_display_(self) -> None:
        self.picture().show()

    def picture(self) -> Picture:
        """A bar a door."""
        return show.bars(
            {way: {"secondes": seconds} for way, seconds in self.items()},
            title="Combien de temps un jeton révoqué entre encore",
            unit="secondes",
            notes={way: f"il lui restait {self._left()}" for way in self},
        )

    def accepted(self) -> str:
        """The option of bet `ch10.revoked` that came true."""
        if not self[CHECKS]:
            return AT_ONCE
        return TO_THE_END if self[CHECKS] > self.left / 2 else A_MINUTE

    def _left(self) -> str:
        return f"{self.left:.1f} s".replace(".", ",")


def revoke(shop: Shop) -> Watch:
    """Revoke a token of a short life; knock at both doors until it is dead everywhere."""
    with _short_lives(shop, round(min(patient(LIFETIME), LONGEST))):
        token = log_in(shop, "alice")
        shop.post("/auth/revoke", data={"token": token}, headers=NOBODY)
        start = time.monotonic()
        watch = Watch(parts(token)["payload"]["exp"] - time.time())
        for way in (ASKS, CHECKS):
            watch[way] = _seconds_let_in(shop, PATHS[way], bearer(token), since=start)
    return watch


def _seconds_let_in(shop: Shop, path: str, headers: dict[str, str], since: float) -> float:
    """Knock until refused; when the last entry was, 0.0 for none."""
    last, knocked = 0.0, time.monotonic()
    while shop[DOOR].get(path, headers=headers).status_code == HTTPStatus.OK:
        last = knocked - since
        time.sleep(0.05)
        knocked = time.monotonic()
    return last


# -- 401 and 403 -----------------------------------------------------------------------------------


def compare_answers(shop: Shop) -> Any:
    """What the module's middleware and our shop answer to the same four requests."""
    token = log_in(shop, "alice")
    module = {
        "sans jeton": "",
        "avec un jeton abîmé": damaged(token),
        "avec son jeton": token,
        "pour ajouter un article": token,
    }
    rows = []
    for request, shown in module.items():
        headers = bearer(shown) if shown else NOBODY
        ours = (
            shop.post("/products", PRODUCT, headers=headers)
            if "article" in request
            else profile(shop, headers)
        )
        theirs = shop[DOOR].get("/module", headers=headers).status_code
        challenge = ours.headers.get("WWW-Authenticate", "")
        rows.append((f"Alice, {request}", theirs, ours.status_code, challenge.split(", ")[0]))
    head = ("", "le module", "notre boutique", "WWW-Authenticate")
    return show.table(head, rows, left=4)


# -- forged tokens ---------------------------------------------------------------------------------

VERIFIERS = {
    "obéit à l’en-tête": obeys_the_header,
    "PyJWT, trop vite": hasty,
    "PyJWT, bien réglé": strict,
}


class Forged:
    """Ten false tokens and a true one, before three verifiers."""

    def __init__(self) -> None:
        issuer = Issuer()
        tokens = {"le vrai jeton": issuer.sign(claims())}
        tokens |= {name: forge(issuer) for name, forge in FORGERIES.items()}
        self.entered = {
            name: {who: _lets_in(verify, token, issuer) for who, verify in VERIFIERS.items()}
            for name, token in tokens.items()
        }

    def count(self, verifier: str = "PyJWT, trop vite") -> int:
        """How many of the false ones this verifier lets in."""
        return sum(self.entered[name][verifier] for name in FORGERIES)

    def _table(self) -> Any:
        rows = [
            (name, *("entre" if entered[who] else "·" for who in VERIFIERS))
            for name, entered in self.entered.items()
        ]
        total = ("faux jetons entrés", *(str(self.count(who)) for who in VERIFIERS))
        return show.table(("Jeton", *VERIFIERS), [*rows, total], left=4)

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def _lets_in(verify: Any, token: str, issuer: Issuer) -> bool:
    try:
        verify(token, issuer)
    except jwt.PyJWTError:
        return False
    return True


# -- new keys --------------------------------------------------------------------------------------


def rotate_keys(shop: Shop) -> Any:
    """Rotate auth's keys while Alice is inside: which tokens still pass, under which keys."""
    _profile_when_ready(shop)
    before = log_in(shop, "alice")
    shop["auth"].post("/keys/rotate", headers=bearer(log_in(shop, "admin")))
    after = log_in(shop, "alice")
    answers = {
        "jeton d’avant": profile(shop, bearer(before)),
        "jeton d’après": profile(shop, bearer(after)),
        "encore le même": profile(shop, bearer(after)),
    }
    rows = [
        (
            name,
            jwt.get_unverified_header(answer.request.headers["Authorization"][7:])["kid"][:8],
            _said(answer.status_code),
            sum(_asks_auth(span) for span in shop.spans(answer)),
        )
        for name, answer in answers.items()
    ]
    head = ("", "clé (kid)", "réponse", "la passerelle appelle auth")
    return show.table(head, rows, left=3)


# -- further ---------------------------------------------------------------------------------------


def cold_start(shop: Shop) -> Entries:
    """Auth dead: Alice before and after a restart of the gateway, with the same good token."""
    _profile_when_ready(shop)
    with _dead(shop, "auth"):
        warm = shop.get("/users/me").status_code
        shop.restart("gateway")
        cold = shop.get("/users/me").status_code
    return Entries({"Alice, avant le redémarrage": warm, "Alice, après": cold})


def fate(entries: Entries) -> str:
    """The option of bet `ch10.cold` that came true."""
    return ENTERS if entries["Alice, après"] == HTTPStatus.OK else REFUSED


def signature_costs(rounds: int = 30) -> Picture:
    """Microseconds to sign a token and to verify it, the best of the rounds, by algorithm."""
    private = {
        "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    }
    payload, rows = claims(), {}
    seconds: dict[str, dict[str, list[float]]] = {
        a: {"signer": [], "vérifier": []} for a in private
    }
    for _ in range(rounds):
        for algorithm, key in private.items():
            token, signing = _timed(lambda k=key, a=algorithm: jwt.encode(payload, k, algorithm=a))
            arguments = {"algorithms": [algorithm], "audience": "orders"}
            public = key.public_key()
            _, verifying = _timed(lambda t=token, p=public, o=arguments: jwt.decode(t, p, **o))
            seconds[algorithm]["signer"].append(signing)
            seconds[algorithm]["vérifier"].append(verifying)
    for algorithm, measures in seconds.items():
        rows[algorithm] = {part: round(1e6 * min(values)) for part, values in measures.items()}
    return show.bars(rows, title="Le prix d’une signature", unit="microsecondes")


def _timed(call: Any) -> tuple[Any, float]:
    start = time.perf_counter()
    return call(), time.perf_counter() - start


# -- breaking and mending --------------------------------------------------------------------------


@contextmanager
def _dead(shop: Shop, name: str) -> Iterator[None]:
    """Without this service for a while. A gateway that has seen it dead starts afresh, too."""
    shop.kill(name)
    try:
        yield
    finally:
        shop.restart(name)
        shop.restart("gateway")
        _profile_when_ready(shop)


@contextmanager
def _short_lives(shop: Shop, seconds: int) -> Iterator[None]:
    """Tokens that auth gives live so many seconds; then as long as before."""
    usual = os.environ.get("TOKEN_LIFETIME")
    try:
        os.environ["TOKEN_LIFETIME"] = str(seconds)
        shop.restart("auth")
        yield
    finally:
        if usual is None:
            os.environ.pop("TOKEN_LIFETIME", None)
        else:
            os.environ["TOKEN_LIFETIME"] = usual
        shop.restart("auth")


def _said(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
