READERS = {
    1: lambda data: (data["total_cents"], "EUR"),
    2: lambda data: (data["total"]["amount_cents"], data["total"]["currency"]),
}


def read_sale(event):
    try:
        reader = READERS[event["version"] if "version" in event else 1]
    except KeyError as error:
        raise UnknownVersion(str(error)) from error
    amount, currency = reader(event["data"])
    return dict(order_id=event["data"]["order_id"], amount_cents=amount, currency=currency)
