import sqlite3

QUERY = """
SELECT s.service, s.kind, s.peer, s.queue,
       (SELECT p.service FROM span p WHERE p.id = s.parent),
       EXISTS (SELECT 1 FROM span c WHERE c.parent = s.id)
FROM span s
WHERE s.red AND NOT EXISTS (SELECT 1 FROM span c WHERE c.parent = s.id AND c.red)
"""


def locate(spans):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE span (id TEXT, parent TEXT, service TEXT, kind TEXT, peer TEXT, queue TEXT, red INTEGER)")
    for span in spans:
        attributes = span.get("attributes") or {}
        db.execute(
            "INSERT INTO span VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                span["span_id"],
                span.get("parent_id"),
                span["service"],
                span["span_kind"],
                attributes.get("peer.service"),
                attributes.get("messaging.destination.subscription.name"),
                bool(red(span)),
            ),
        )
    row = db.execute(QUERY).fetchone()
    db.close()
    if row is None:
        return None
    service, kind, peer, queue, caller, answered = row
    return {
        "server": (service, (caller, service)),
        "client": (service if answered else peer, (service, peer)),
        "consumer": (service, (queue, service)),
    }[kind]
