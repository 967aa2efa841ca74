"""Users: everybody has their own profile, and only their own."""

import pytest
from described import judge


@pytest.fixture(scope="module")
def shop(start_shared):
    shop = start_shared.together("auth", "users")
    shop["auth"].password = start_shared.password
    return shop


@pytest.fixture(scope="module")
def users(shop):
    return shop["users"]


@pytest.fixture(scope="module")
def sign_in(shop):
    def sign_in(username):
        login = {"username": username, "password": shop["auth"].password}
        token = shop["auth"].post("/login", login).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    return sign_in


class TestMe:
    def test_is_whom_the_token_says(self, users, sign_in):
        """The same address, two people, two profiles."""
        names = [
            users.get("/users/me", headers=sign_in(name)).json()["id"] for name in ("alice", "bob")
        ]

        assert names == ["alice", "bob"]

    def test_can_be_replaced(self, users, sign_in):
        """PUT twice is PUT once, and touches nobody else."""
        me = {"name": "Bob Le Bricoleur", "email": "bob@example.net"}
        answers = [users.put("/users/me", me, headers=sign_in("bob")) for _ in range(2)]

        assert [answer.json() for answer in answers] == [{"id": "bob", **me}] * 2
        assert users.get("/users/me", headers=sign_in("alice")).json()["name"] == "Alice Martin"

    @pytest.mark.parametrize(
        "change",
        [
            {"id": "admin"},
            {"name": ""},
            {"name": None},
            {"name": "a\u0000b"},
            {"name": "a\nb"},
            {"name": "x" * 201},
            {"email": "nobody"},
            {"email": 1},
            {"admin": True},
        ],
    )
    def test_refuses_what_is_no_profile(self, users, sign_in, change):
        """Nothing unknown, nothing empty, and never somebody else's id."""
        me = {"name": "Alice Martin", "email": "alice@example.org", **change}

        assert users.put("/users/me", me, headers=sign_in("alice")).status_code == 422

    def test_needs_a_token(self, users):
        """Without one there is no me."""
        assert users.get("/users/me").status_code == 401
        assert users.put("/users/me", {}).status_code == 401

    def test_believes_no_header(self, users, sign_in):
        """Here too, only the token says who it is."""
        headers = {**sign_in("alice"), "X-User-Id": "admin"}

        assert users.get("/users/me", headers=headers).json()["id"] == "alice"


class TestOthers:
    def test_see_themselves(self, users, sign_in):
        """By their id as by `me`."""
        assert users.get("/users/alice", headers=sign_in("alice")).json()["name"] == "Alice Martin"

    @pytest.mark.parametrize("whose", ["bob", "admin", "nobody", "Alice"])
    def test_do_not_see_each_other(self, users, sign_in, whose):
        """403, and the same 403 for those who do not exist."""
        answer = users.get(f"/users/{whose}", headers=sign_in("alice"))

        assert answer.status_code == 403
        assert answer.json()["detail"] == "Ce profil n’est pas le vôtre."

    def test_are_seen_by_administrators(self, users, sign_in):
        """With users:admin: any profile, and 404 where there is none."""
        admin = sign_in("admin")

        assert users.get("/users/alice", headers=admin).json()["id"] == "alice"
        assert users.get("/users/nobody", headers=admin).status_code == 404

    def test_have_plain_names(self, users, sign_in):
        """A strange id is refused before anything is looked up."""
        assert users.get("/users/a%00b", headers=sign_in("admin")).status_code == 422


def test_description_is_true(users, sign_in, tmp_path):
    """schemathesis: no 500, no answer that is not announced."""
    judge(users, sign_in("admin"), tmp_path)
