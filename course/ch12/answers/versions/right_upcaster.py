import copy


def upcast(event):
    """Un événement de version 1 devient un événement de version 2, dans une copie."""
    newer = copy.deepcopy(event)
    newer["version"] = 2
    newer["data"]["total"] = {"amount_cents": newer["data"].pop("total_cents"), "currency": "EUR"}
    return newer


def read_sale(event):
    if "version" not in event or event["version"] == 1:
        event = upcast(event)
    if event["version"] != 2:
        raise UnknownVersion(f"version {event['version']!r}")
    return {"order_id": event["data"]["order_id"],
            "amount_cents": event["data"]["total"]["amount_cents"],
            "currency": event["data"]["total"]["currency"]}
