# feedback: X-User-Id | part avec
# mistake: écri(t|vent) l’identité sous un autre nom
def outgoing(headers, user):
    kept = [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
    return kept if user is None else [*kept, ("X-User", user)]
