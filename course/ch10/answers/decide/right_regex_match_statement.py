import re

from jwt.exceptions import InvalidTokenError

HEADER = re.compile(r"bearer (?P<token>\S+)", re.IGNORECASE)
CHALLENGES = {
    "anonymous": (401, "Bearer"),
    "invalid": (401, 'Bearer error="invalid_token"'),
    "forbidden": (403, 'Bearer error="insufficient_scope"'),
    "welcome": (200, None),
}


def _situation(authorization, needed, verify):
    match HEADER.fullmatch(authorization or ""):
        case None:
            return "anonymous"
        case found:
            try:
                claims = verify(found["token"])
            except InvalidTokenError:
                return "invalid"
    match claims:
        case {"scope": str(scope)} if re.search(rf"(?:^| ){re.escape(needed)}(?: |$)", scope):
            return "welcome"
        case _:
            return "forbidden"


def decide(authorization, needed, verify):
    """Le couple (statut, défi) : qui parle, et en a-t-il le droit ?"""
    return CHALLENGES[_situation(authorization, needed, verify)]
