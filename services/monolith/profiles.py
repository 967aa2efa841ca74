"""Users: their profiles."""

from flask import abort

from services.chassis.identity import identity, require_scope
from services.monolith.application import app
from services.monolith.schemas import IdPath, ProfileChange, ProfileState
from services.monolith.tables import Profile, database


@app.get("/users/me", responses={200: ProfileState})
@require_scope("users:read")
def show_me():
    """Mon profil."""
    return find(identity().sub)


@app.put("/users/me", responses={200: ProfileState})
@require_scope("users:write")
def replace_me(body: ProfileChange):
    """Crée ou remplace mon profil."""
    with database.transaction() as session:
        return session.merge(Profile(id=identity().sub, **body.model_dump())).as_dict()


@app.get("/users/<id>", responses={200: ProfileState})
@require_scope("users:read")
def show_user(path: IdPath):
    """Le profil d’une personne."""
    caller = identity()
    if path.id != caller.sub and "users:admin" not in caller.scopes:
        abort(403, "Ce profil n’est pas le vôtre.")
    return find(path.id)


def find(user_id):
    with database.reading() as session:
        profile = session.get(Profile, user_id) or abort(404, f"{user_id} n’a pas de profil.")
        return profile.as_dict()
