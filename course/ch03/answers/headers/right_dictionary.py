def outgoing(headers, user):
    result = {}
    for name, value in headers:
        if name.upper().replace("-", "_").startswith("X_USER_"):
            continue
        result[name] = value
    if user is not None:
        result["X-User-Id"] = user
    return result
