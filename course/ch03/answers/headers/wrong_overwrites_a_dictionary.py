# feedback: est passé jusqu’au service
def outgoing(headers, user):
    result = dict(headers)
    result.pop("X-User-Id", None)
    if user is not None:
        result["X-User-Id"] = user
    return result
