import networkx as nx


def locate(spans):
    tree = nx.DiGraph()
    for span in spans:
        tree.add_node(span["span_id"], span=span)
    tree.add_edges_from((s["parent_id"], s["span_id"]) for s in spans if s["parent_id"])
    for id in tree:
        span = tree.nodes[id]["span"]
        children = [tree.nodes[c]["span"] for c in tree.successors(id)]
        if not red(span) or any(red(c) for c in children):
            continue
        kind, service = span["span_kind"], span["service"]
        if kind == "client":
            peer = span["attributes"]["peer.service"]
            return [service if children else peer, [service, peer]]
        if kind == "consumer":
            return [service, [span["attributes"]["messaging.destination.subscription.name"], service]]
        above = [tree.nodes[p]["span"]["service"] for p in tree.predecessors(id)]
        return [service, [above[0] if above else "client", service]]
    return None
