import re

IDENTITY = re.compile(r"x[-_]user[-_]", re.IGNORECASE)


def outgoing(headers, user):
    kept = [pair for pair in headers if not IDENTITY.match(pair[0])]
    if user is not None:
        kept.insert(0, ("X-User-Id", user))
    return kept
