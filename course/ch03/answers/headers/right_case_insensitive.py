from requests.structures import CaseInsensitiveDict


def outgoing(headers, user):
    result = CaseInsensitiveDict()
    for name, value in headers:
        result[name] = value
    for name in [name for name in result if name.lower().replace("_", "-").startswith("x-user-")]:
        del result[name]
    if user is not None:
        result["x-user-id"] = user
    return result
