# feedback: répond au premier appel
# mistake: (cherche|cherchent) l’appelé dans toute la trace
def locate(spans):
    names = {s["span_id"]: s["service"] for s in spans}
    reporting = {s.get("parent_id") for s in spans if red(s)}
    for s in spans:
        if red(s) and s["span_id"] not in reporting:
            me, more = s["service"], s["attributes"]
            if s["span_kind"] == "server":
                return me, (names.get(s.get("parent_id")), me)
            if s["span_kind"] == "client":
                peer = more["peer.service"]
                seen = any(x["service"] == peer and x["span_kind"] == "server" for x in spans)
                return (me if seen else peer), (me, peer)
            return me, (more["messaging.destination.subscription.name"], me)
    return None
