def keeps_promise(status, body):
    """Ce que la caisse ferait, pour de vrai."""
    try:
        assert status == 200
        name, price = body["name"], body["price_cents"]
        assert name + "" == name
        assert name
        assert not isinstance(price, (bool, float))
        return range(price + 1)[0] == 0 if price >= 0 else False
    except (AssertionError, TypeError, KeyError, IndexError):
        return False
