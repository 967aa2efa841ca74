# feedback: tout en textes
# mistake: écri(t|vent) None pour un inconnu
def outgoing(headers, user):
    kept = [h for h in headers if not h[0].lower().replace("_", "-").startswith("x-user-")]
    return [*kept, ("X-User-Id", user)]
