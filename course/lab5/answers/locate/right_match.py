def locate(spans):
    reds = [s for s in spans if s["status"] == "error"]
    reporting = {s["parent_id"] for s in reds}
    for span in reds:
        if span["span_id"] in reporting:
            continue
        me = span["service"]
        match span:
            case {"span_kind": "consumer", "attributes": {"messaging.destination.subscription.name": queue}}:
                return me, (queue, me)
            case {"span_kind": "client", "attributes": {"peer.service": peer}}:
                served = any(s["parent_id"] == span["span_id"] for s in spans)
                return (me, (me, peer)) if served else (peer, (me, peer))
            case _:
                callers = [s["service"] for s in spans if s["span_id"] == span["parent_id"]]
                return me, ((callers or ["client"])[0], me)
