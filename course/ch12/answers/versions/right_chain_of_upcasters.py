def from_1_to_2(event):
    data = dict(event["data"])
    data["total"] = {"amount_cents": data.pop("total_cents"), "currency": "EUR"}
    return {**event, "version": 2, "data": data}


UPCASTERS = {1: from_1_to_2}
LATEST = 2


def read_sale(event):
    event = {"version": 1, **event}
    while event["version"] != LATEST:
        if event["version"] not in UPCASTERS:
            raise UnknownVersion(event["version"])
        event = UPCASTERS[event["version"]](event)
    data = event["data"]
    return {
        "order_id": data["order_id"],
        "amount_cents": data["total"]["amount_cents"],
        "currency": data["total"]["currency"],
    }
