def is_identity(name):
    words = name.lower().replace("_", "-").split("-")
    return len(words) >= 3 and words[:2] == ["x", "user"]


def outgoing(headers, user):
    if user is not None:
        yield "X-User-Id", user
    for name, value in headers:
        if not is_identity(name):
            yield name, value
