from requests.structures import CaseInsensitiveDict


def outgoing(headers, user):
    result = CaseInsensitiveDict()
    for name, value in headers:
        result[name.replace("_", "-")] = value
    for name in [name for name in result if name.lower().startswith("x-user-")]:
        del result[name]
    if user is not None:
        result["x-user-id"] = user
    return result
