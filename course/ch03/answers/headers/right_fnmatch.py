from fnmatch import fnmatchcase


def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""
    kept = [
        [name, value]
        for name, value in headers
        if not fnmatchcase(name.lower(), "x[-_]user[-_]*")
    ]
    return tuple(map(tuple, kept)) + ((("X-User-Id", user),) if user is not None else ())
