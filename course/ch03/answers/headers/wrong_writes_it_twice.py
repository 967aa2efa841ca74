# feedback: part avec
# mistake: écri(t|vent) l’identité deux fois
def outgoing(headers, user):
    kept = [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
    return kept if user is None else [*kept, ("X-User-Id", user), ("x-user-id", user)]
