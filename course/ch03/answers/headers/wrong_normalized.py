# feedback: tout ce qui n’est pas une identité, sans rien y changer
# mistake: réécri(t|vent) les noms des autres en-têtes
def outgoing(headers, user):
    pairs = [(n.lower().replace("_", "-"), v) for n, v in headers]
    kept = [(n, v) for n, v in pairs if not n.startswith("x-user-")]
    if user is not None:
        kept.append(("x-user-id", user))
    return kept
