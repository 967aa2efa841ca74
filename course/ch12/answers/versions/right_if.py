def read_sale(event):
    """La vente annoncée par cet événement, quelle que soit sa version."""
    version = event.get("version", 1)
    data = event["data"] if version in (1, 2) else None
    if version == 1:
        amount, currency = data["total_cents"], "EUR"
    elif version == 2:
        amount, currency = data["total"]["amount_cents"], data["total"]["currency"]
    else:
        raise UnknownVersion(version)
    return {"order_id": data["order_id"], "amount_cents": amount, "currency": currency}
