from werkzeug.datastructures import Headers


def outgoing(headers, user):
    result = Headers()
    for name, value in headers:
        if not name.casefold().replace("_", "-").startswith("x-user-"):
            result.add(name, value)
    if user is not None:
        result.set("X-User-Id", user)
    return result
