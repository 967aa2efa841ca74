READERS = [
    (1, lambda data: (data["total_cents"], "EUR")),
    (2, lambda data: (data["total"]["amount_cents"], data["total"]["currency"])),
]


def read_sale(event):
    wanted = event.get("version", 1)
    for version, reader in READERS:
        if version == wanted:
            amount, currency = reader(event["data"])
            return dict(order_id=event["data"]["order_id"], amount_cents=amount, currency=currency)
    raise UnknownVersion(wanted)
