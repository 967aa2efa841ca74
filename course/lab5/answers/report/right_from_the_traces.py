guilty = None
for visit in hurt:
    spans = shop.spans(visit.trace)
    answered = {s["service"]: s["attributes"].get("http.response.status_code") for s in spans if s["span_kind"] == "server"}
    if answered.get("products") == 200 and answered.get("orders") == 502:
        guilty = visit
        break
report = dict(
    what="commande",
    since=min(v.at for v in hurt),
    service="products",
    edge=["orders", "products"],
    cause="contrat",
    trace=guilty.trace,
)
