"""Users owns the profiles.

GET /users/me     my profile
PUT /users/me     create or replace it
GET /users/<id>   somebody's profile: mine, or any with the scope users:admin
"""

from contextlib import suppress

from flask import abort
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.chassis import create_service, lifecycle
from services.chassis.database import Database
from services.chassis.identity import identity, require_scope
from services.users.profiles import SEEDS, Base, Profile, ProfileChange, ProfilePath, ProfileView

app = create_service("users", openapi=True)
database = Database(Base)


@app.get("/users/me", responses={200: ProfileView})
@require_scope("users:read")
def show_me():
    """Mon profil."""
    return find(identity().sub)


@app.put("/users/me", responses={200: ProfileView})
@require_scope("users:write")
def replace_me(body: ProfileChange):
    """Crée ou remplace mon profil."""
    profile = Profile(id=identity().sub, **body.model_dump())
    with database.transaction() as session:
        return as_dict(session.merge(profile))


@app.get("/users/<id>", responses={200: ProfileView})
@require_scope("users:read")
def show_user(path: ProfilePath):
    """Le profil d'une personne."""
    caller = identity()
    if path.id != caller.sub and "users:admin" not in caller.scopes:
        abort(403, "Ce profil n’est pas le vôtre.")
    return find(path.id)


@lifecycle.on_start
def seed():
    """Fill an empty table; another instance may be doing it at this moment."""
    with suppress(IntegrityError), database.transaction() as session:
        if session.scalars(select(Profile)).first() is None:
            session.add_all(Profile(**profile) for profile in SEEDS)


def find(user_id):
    with database.reading() as session:
        profile = session.get(Profile, user_id)
        if profile is None:
            abort(404, f"{user_id} n’a pas encore de profil.")
        return as_dict(profile)


def as_dict(profile):
    return {"id": profile.id, "name": profile.name, "email": profile.email}
