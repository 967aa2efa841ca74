def outgoing(headers, user):
    for n in range(len(headers) - 1, -1, -1):
        name = headers[n][0].lower()
        if name[:1] == "x" and name[1:2] in "-_" and name[2:6] == "user" and name[6:7] in ("-", "_"):
            del headers[n]
    if user is not None:
        headers.append(["X-User-Id", user])
    return headers
