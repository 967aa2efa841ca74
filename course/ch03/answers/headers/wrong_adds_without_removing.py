# feedback: est passé jusqu’au service
def outgoing(headers, user):
    return headers if user is None else [*headers, ("X-User-Id", user)]
