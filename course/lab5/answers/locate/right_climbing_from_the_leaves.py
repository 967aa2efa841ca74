def locate(spans):
    by_id = {s["span_id"]: s for s in spans}

    def depth(span):
        parent = by_id.get(span["parent_id"])
        return 0 if parent is None else 1 + depth(parent)

    guilty = sorted(filter(red, spans), key=depth)[-1:]
    if not guilty:
        return None
    span = guilty[0]
    me, parent = span["service"], by_id.get(span["parent_id"])
    if span["span_kind"] == "server":
        return me, (parent["service"], me)
    if span["span_kind"] == "consumer":
        return me, (span["attributes"]["messaging.destination.subscription.name"], me)
    peer = span["attributes"]["peer.service"]
    answered = [s for s in spans if s["parent_id"] == span["span_id"]]
    return (me if answered else peer), (me, peer)
