# feedback: tout en textes
def outgoing(headers, user):
    kept = [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
    return [*kept, ("X-User-Id", user)]
