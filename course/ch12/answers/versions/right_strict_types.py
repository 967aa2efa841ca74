def read_sale(event):
    """Ni "2", ni 2.0, ni True : seuls les entiers 1 et 2 sont des versions connues."""
    version = event["version"] if "version" in event else 1
    if type(version) is not int or not 1 <= version <= 2:
        raise UnknownVersion(version)
    data = event["data"]
    total = data["total"] if version == 2 else {"amount_cents": data["total_cents"], "currency": "EUR"}
    sale = {key: total[key] for key in ("amount_cents", "currency")}
    sale["order_id"] = data["order_id"]
    return sale
