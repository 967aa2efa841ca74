def outgoing(headers, user):
    """Les en-têtes à transmettre au service."""

    def reserved(name):
        parts = name.casefold().replace("_", "-").split("-")
        return len(parts) > 2 and parts[0] == "x" and parts[1] == "user"

    answer = list(headers)
    for position in reversed(range(len(answer))):
        if reserved(answer[position][0]):
            del answer[position]
    if user is not None:
        answer.insert(0, ("X-User-Id", user))
    return answer
