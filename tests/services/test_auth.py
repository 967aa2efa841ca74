"""Auth: who you are, said in a token that others can check; and no way to guess a password."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest
from argon2 import PasswordHasher
from basics import eventually
from described import judge

from services.auth import accounts
from services.auth.keys import LEEWAY, KeyRing
from services.auth.revocation import Revocations
from services.auth.tables import Base
from services.auth.throttle import Throttle
from services.auth.tokens import AUDIENCE
from services.chassis.database import Database


@pytest.fixture(scope="module")
def auth(start_shared):
    auth = start_shared("auth")
    auth.password = start_shared.password
    auth.database = start_shared.folder / "auth.db"
    return auth


def log_in(auth, username="alice", password=None):
    return auth.post("/login", {"username": username, "password": password or auth.password})


def bearer(auth, username="alice"):
    return {"Authorization": f"Bearer {log_in(auth, username).json()['access_token']}"}


def test_every_service_is_an_audience():
    """A service that AUDIENCE forgets would answer 401 to every token."""
    folders = Path(accounts.__file__).parents[1].glob("*/app.py")
    services = {file.parent.name for file in folders}

    assert set(AUDIENCE) == services - {"monolith", "registry"}


def proven(auth, token, audience="orders"):
    """The claims, checked as any service would: with the public keys alone."""
    keys = jwt.PyJWKSet.from_dict(auth.get("/.well-known/jwks.json").json())
    key = keys[jwt.get_unverified_header(token)["kid"]].key
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer="auth")


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/auth.db")
    database = Database(Base)
    yield database
    database.close()


class CountingHasher(PasswordHasher):
    """Hashes for real, and counts."""

    verified = 0

    def verify(self, *arguments):
        self.verified += 1
        return super().verify(*arguments)


class TestLogin:
    def test_gives_a_token(self, auth):
        """Signed, addressed, dated, and saying who and what."""
        answer = log_in(auth)
        claims = proven(auth, answer.json()["access_token"])

        assert answer.json()["token_type"] == "Bearer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert claims["sub"] == "alice"
        assert {"orders:read", "orders:write"} <= set(claims["scope"].split())
        assert "products:write" not in claims["scope"]
        assert claims["exp"] - claims["iat"] == answer.json()["expires_in"] == 900
        assert claims["nbf"] <= time.time()

    def test_gives_each_token_a_name(self, auth):
        """Two tokens can be told apart."""
        tokens = [log_in(auth).json()["access_token"] for _ in range(2)]

        assert len({proven(auth, token)["jti"] for token in tokens}) == 2

    def test_gives_admin_more(self, auth):
        """What an administrator may do is in the token too."""
        claims = proven(auth, log_in(auth, "admin").json()["access_token"])

        assert {"products:write", "keys:rotate"} <= set(claims["scope"].split())

    @pytest.mark.parametrize(("username", "password"), [("alice", "wrong"), ("nobody", "wrong")])
    def test_says_the_same_of_wrong_and_unknown(self, auth, username, password):
        """Nobody learns here who has an account."""
        answer = log_in(auth, username, password)

        assert answer.status_code == 401
        assert answer.json()["detail"] == "Nom ou mot de passe inconnu."

    @pytest.mark.parametrize("username", ["alice", "nobody"])
    def test_works_as_hard_for_unknown_names(self, database, monkeypatch, username):
        """One Argon2 for everybody: the clock does not say who has an account either."""
        hasher = CountingHasher()
        monkeypatch.setattr(accounts, "hasher", hasher)
        known = accounts.Accounts(database)
        known.seed("right")

        assert known.authenticate(username, "wrong") is None
        assert hasher.verified == 1

    @pytest.mark.parametrize(
        "body",
        [{}, {"username": "alice"}, {"username": 1, "password": "x"}, [], "alice",
         {"username": "a\u0000", "password": "x"}, {"username": "alice", "password": None}],
    )  # fmt: skip
    def test_refuses_what_is_no_login(self, auth, body):
        """422, and the word that is wrong."""
        assert auth.post("/login", body).status_code == 422

    def test_without_a_password_there_is_no_account(self, start):
        """No default password in the repository: without DEMO_PASSWORD nobody gets in."""
        auth = start("auth", DEMO_PASSWORD="")

        assert auth.post("/login", {"username": "alice", "password": ""}).status_code == 401
        assert any("DEMO_PASSWORD" in line.get("message", "") for line in auth.lines)

    def test_takes_this_run_s_password(self, start):
        """The database stays, the password is the new run's."""
        start("auth", DEMO_PASSWORD="first").stop()
        auth = start("auth", DEMO_PASSWORD="second")
        answers = [
            auth.post("/login", {"username": "bob", "password": password}).status_code
            for password in ("first", "second")
        ]

        assert answers == [401, 200]


class TestSecrets:
    def test_passwords_are_hashed(self, auth):
        """Argon2id, each with its own salt."""
        log_in(auth)
        with sqlite3.connect(auth.database) as connection:
            hashes = [row[0] for row in connection.execute("SELECT password_hash FROM accounts")]

        assert len(set(hashes)) == 3
        assert all(text.startswith("$argon2id$") for text in hashes)

    def test_the_private_key_stays_inside(self, auth):
        """The key set has the public half only."""
        (key, *_) = auth.get("/.well-known/jwks.json").json()["keys"]

        assert set(key) == {"kty", "key_ops", "n", "e", "kid", "use", "alg"}

    def test_nothing_secret_is_written(self, auth):
        """Neither passwords nor tokens are in the output."""
        token = log_in(auth).json()["access_token"]
        log_in(auth, "alice", "my-wrong-password")
        written = auth.text()

        assert auth.password not in written
        assert "my-wrong-password" not in written
        assert token.split(".")[2] not in written


class TestIntrospection:
    def test_tells_a_good_token(self, auth):
        """RFC 7662: active, and its claims."""
        token = log_in(auth, "bob").json()["access_token"]
        answer = auth.request(
            "POST", "/introspect", data={"token": token}, headers=bearer(auth, "admin")
        )

        assert answer.json()["active"] is True
        assert answer.json()["sub"] == "bob"

    @pytest.mark.parametrize("token", ["", "abc", "a.b.c"])
    def test_tells_nothing_of_a_bad_one(self, auth, token):
        """Inactive, and not a word more."""
        answer = auth.request(
            "POST", "/introspect", data={"token": token}, headers=bearer(auth, "admin")
        )

        assert answer.json() == {"active": False}

    def test_is_not_for_everybody(self, auth):
        """RFC 7662 2.1: authorised callers only, or tokens could be fished for."""
        data = {"token": "abc"}

        assert auth.request("POST", "/introspect", data=data).status_code == 401
        assert (
            auth.request("POST", "/introspect", data=data, headers=bearer(auth)).status_code == 403
        )

    def test_needs_a_token_to_look_at(self, auth):
        """A form without the field is a mistake."""
        answer = auth.request("POST", "/introspect", data={"a": "b"}, headers=bearer(auth, "admin"))

        assert answer.status_code == 400


class TestRevocation:
    @staticmethod
    def introspect(auth, token):
        headers = bearer(auth, "admin")
        return auth.request("POST", "/introspect", data={"token": token}, headers=headers).json()

    def test_ends_one_token(self, auth):
        """RFC 7009: inactive from now on, the owner's other tokens untouched; twice is once."""
        ended, other = (log_in(auth, "bob").json()["access_token"] for _ in range(2))
        answers = [auth.request("POST", "/revoke", data={"token": ended}) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert self.introspect(auth, ended) == {"active": False}
        assert self.introspect(auth, other)["active"] is True

    def test_does_not_change_the_token(self, auth):
        """Whoever has only the public keys cannot know."""
        token = log_in(auth, "bob").json()["access_token"]
        auth.request("POST", "/revoke", data={"token": token})

        assert proven(auth, token)["sub"] == "bob"

    @pytest.mark.parametrize("token", ["", "abc", "a.b.c"])
    def test_says_nothing_of_a_bad_one(self, auth, token):
        """RFC 7009 2.2: 200, there is nothing left to revoke."""
        assert auth.request("POST", "/revoke", data={"token": token}).status_code == 200

    def test_needs_a_token(self, auth):
        """A form without the field is a mistake."""
        assert auth.request("POST", "/revoke", data={"a": "b"}).status_code == 400

    def test_outlives_the_process(self, start):
        """What was revoked stays so after a restart."""
        auth = start("auth")
        auth.password = start.password
        token = log_in(auth).json()["access_token"]
        auth.request("POST", "/revoke", data={"token": token})
        auth.stop()
        auth = start("auth")
        auth.password = start.password

        assert self.introspect(auth, token) == {"active": False}

    def test_forgets_what_has_expired(self, database, clock):
        """The list holds what could still be accepted, and nothing older."""
        revocations = Revocations(database, clock)
        revocations.add({"jti": "old", "exp": clock.now + 1})
        clock.now += 2
        revocations.add({"jti": "new", "exp": clock.now + 1})

        assert not revocations.hold({"jti": "old"})
        assert revocations.hold({"jti": "new"})


class TestRotation:
    def test_keeps_old_tokens_good(self, auth):
        """The new key signs, the old one still proves what it signed."""
        before = log_in(auth).json()["access_token"]
        answer = auth.post("/keys/rotate", headers=bearer(auth, "admin"))
        after = log_in(auth).json()["access_token"]

        assert jwt.get_unverified_header(after)["kid"] == answer.json()["kid"]
        assert jwt.get_unverified_header(before)["kid"] != answer.json()["kid"]
        assert proven(auth, before)["sub"] == proven(auth, after)["sub"] == "alice"

    def test_erases_the_old_private_key(self, auth):
        """A retired key can sign nothing more, whoever reads the database."""
        auth.post("/keys/rotate", headers=bearer(auth, "admin"))
        with sqlite3.connect(auth.database) as connection:
            rows = connection.execute("SELECT private_pem FROM signing_keys").fetchall()

        assert len([pem for (pem,) in rows if pem]) == 1

    def test_is_for_administrators(self, auth):
        """A customer rotates nothing."""
        assert auth.post("/keys/rotate", headers=bearer(auth)).status_code == 403

    def test_is_seen_by_the_services(self, start):
        """A verifier meets an unknown key id, asks again, and goes on."""
        shop = start.together("auth", "users")
        auth = shop["auth"]
        auth.password = start.password
        admin = bearer(auth, "admin")
        before = shop["users"].get("/users/me", headers=bearer(auth)).status_code
        auth.post("/keys/rotate", headers=admin)
        fresh = bearer(auth)

        eventually(lambda: shop["users"].get("/users/me", headers=fresh).status_code == 200)
        assert before == 200
        assert shop["users"].get("/users/me", headers=fresh).json()["id"] == "alice"
        assert shop["users"].get("/users/me", headers=admin).status_code == 200

    def test_caches_for_a_minute(self, auth):
        """Whoever fetches the keys need not do so at every token."""
        assert auth.get("/.well-known/jwks.json").headers["Cache-Control"] == "public, max-age=60"


class TestKeyRing:
    def test_forgets_a_key_when_its_last_token_has_expired(self, database, clock):
        """Published as long as it can be needed, and not longer."""
        ring = KeyRing(database, token_lifetime=900, clock=clock)
        ring.open()
        old = ring.current()[0]
        ring.rotate()
        clock.now += 900 + LEEWAY - 1
        during = [key["kid"] for key in ring.public()]
        clock.now += 2

        assert old in during
        assert [key["kid"] for key in ring.public()] == [ring.current()[0]]

    def test_opens_once(self, database, clock):
        """A second start signs with the first one's key."""
        ring = KeyRing(database, token_lifetime=900, clock=clock)
        ring.open()
        first = ring.current()[0]
        KeyRing(database, token_lifetime=900, clock=clock).open()

        assert ring.current()[0] == first

    def test_two_first_keys_are_one(self, database, clock):
        """Both find none and make number 1: one of them is kept, and both sign with it."""
        rings = [KeyRing(database, token_lifetime=900, clock=clock) for _ in range(2)]
        for ring in rings:
            ring._add(1)

        assert rings[0].current() == rings[1].current()
        assert len(rings[0].public()) == 1


class TestThrottle:
    @pytest.fixture
    def throttle(self, database, clock):
        return Throttle(database, limit=3, window=60, clock=clock)

    def test_lets_a_few_tries_pass(self, throttle):
        """Three, then wait."""
        waits = [throttle.attempt("alice") for _ in range(5)]

        assert waits == [0, 0, 0, 60, 60]

    def test_says_how_long(self, throttle, clock):
        """Until the oldest try is a minute old; refused tries do not count."""
        for _ in range(3):
            throttle.attempt("alice")
        clock.now += 40
        wait = throttle.attempt("alice")
        clock.now += wait

        assert wait == 20
        assert throttle.attempt("alice") == 0

    def test_counts_per_account(self, throttle):
        """Alice being attacked does not lock Bob out."""
        for _ in range(5):
            throttle.attempt("alice")

        assert throttle.attempt("bob") == 0

    def test_forgets_after_the_right_password(self, throttle):
        """Two slips and a success are a fresh start."""
        throttle.attempt("alice")
        throttle.attempt("alice")
        throttle.forget("alice")

        assert [throttle.attempt("alice") for _ in range(3)] == [0, 0, 0]

    def test_over_http(self, start):
        """429 with Retry-After, for the known and the unknown, and for the right password too."""
        auth = start("auth")
        auth.password = start.password
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: log_in(auth, "alice", "wrong"), range(14)))
            unknown = list(pool.map(lambda _: log_in(auth, "nobody", "wrong"), range(14)))
        late = log_in(auth, "alice")

        assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 4
        assert sorted(answer.status_code for answer in unknown) == [401] * 10 + [429] * 4
        assert late.status_code == 429
        assert 1 <= int(late.headers["Retry-After"]) <= 60
        assert log_in(auth, "bob").status_code == 200


def test_description_is_true(start, tmp_path):
    """schemathesis: no 500, no answer that is not announced."""
    auth = start("auth")
    auth.password = start.password
    judge(auth, bearer(auth, "admin"), tmp_path)


@pytest.mark.needs("postgresql")
class TestTwoInstances:
    def test_share_keys_accounts_and_throttle(self, start, postgresql_url):
        """Started at the same moment on one PostgreSQL: one key ring, one count of tries."""
        env = {"DATABASE_URL": postgresql_url, "wait": False}
        both = [start("auth", instance=f"auth-{number}", **env) for number in (1, 2)]
        for auth in both:
            auth.wait_for("event", event="ready")
            auth.password = start.password
        tokens = [log_in(auth).json()["access_token"] for auth in both]

        crossed = [proven(both[1], tokens[0])["sub"], proven(both[0], tokens[1])["sub"]]
        with ThreadPoolExecutor(8) as pool:
            tries = list(pool.map(lambda n: log_in(both[n % 2], "bob", "wrong"), range(20)))

        assert crossed == ["alice", "alice"]
        assert sum(answer.status_code == 401 for answer in tries) == 10
        assert {answer.status_code for answer in tries} == {401, 429}

    def test_rotate_at_the_same_moment(self, start, postgresql_url):
        """Every answer names a key that is published, and exactly one signs."""
        env = {"DATABASE_URL": postgresql_url}
        both = [start("auth", instance=f"auth-{number}", **env) for number in (1, 2)]
        for auth in both:
            auth.password = start.password
        admin = bearer(both[0], "admin")
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda n: both[n % 2].post("/keys/rotate", headers=admin), range(4))
            )
        published = {key["kid"] for key in both[0].get("/.well-known/jwks.json").json()["keys"]}

        assert {answer.status_code for answer in answers} == {200}
        assert {answer.json()["kid"] for answer in answers} <= published
        assert proven(both[1], log_in(both[0]).json()["access_token"])["sub"] == "alice"
