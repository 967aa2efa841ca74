from itertools import chain, filterfalse

FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", "abcdefghijklmnopqrstuvwxyz-")


def _claims_identity(pair):
    return pair[0].translate(FOLD)[:7] == "x-user-"


def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    identity = {"X-User-Id": user} if user is not None else {}
    return list(chain(identity.items(), filterfalse(_claims_identity, headers)))
