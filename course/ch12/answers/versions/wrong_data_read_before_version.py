# feedback: l’exception UnknownVersion
def read_sale(event):
    sale = {"order_id": event["data"]["order_id"]}
    version = event.get("version", 1)
    if version == 1:
        sale |= {"amount_cents": event["data"]["total_cents"], "currency": "EUR"}
    elif version == 2:
        total = event["data"]["total"]
        sale |= {"amount_cents": total["amount_cents"], "currency": total["currency"]}
    else:
        raise UnknownVersion(version)
    return sale
