def locate(spans):
    ids = {s["span_id"] for s in spans}

    def children(span):
        return [s for s in spans if s.get("parent_id") == span["span_id"]]

    def descend(span, parent):
        """Descend partout (un segment vert peut cacher du rouge plus bas) ; rend (rouge le plus profond, son parent)."""
        below = children(span)
        for child in below:
            found = descend(child, span)
            if found:
                return found
        return (span, parent) if red(span) else None

    for root in (s for s in spans if s.get("parent_id") not in ids):
        found = descend(root, None)
        if found:
            span, parent = found
            me = span["service"]
            if span["span_kind"] == "server":
                return me, (parent and parent["service"], me)
            if span["span_kind"] == "consumer":
                return me, (span["attributes"]["messaging.destination.subscription.name"], me)
            callee = span["attributes"]["peer.service"]
            return (me if children(span) else callee), (me, callee)
    return None
