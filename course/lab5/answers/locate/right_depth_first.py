def locate(spans):
    def below(span):
        return [s for s in spans if s["parent_id"] == span["span_id"]]

    def deepest(span):
        for child in below(span):
            found = deepest(child)
            if found:
                return found
        return span if red(span) else None

    roots = [s for s in spans if s["parent_id"] is None]
    guilty = next((d for d in map(deepest, roots) if d), None)
    if guilty is None:
        return None
    where = guilty["attributes"]
    if guilty["span_kind"] == "client":
        callee = where["peer.service"]
        who = guilty["service"] if below(guilty) else callee
        return who, (guilty["service"], callee)
    if guilty["span_kind"] == "consumer":
        return guilty["service"], (where["messaging.destination.subscription.name"], guilty["service"])
    parent = next((s for s in spans if s["span_id"] == guilty["parent_id"]), None)
    return guilty["service"], (parent["service"] if parent else "client", guilty["service"])
