# the commonest student's answer: anything but a 200 gives None (the text promises nothing for an outage).
def units_left(sku):
    r = shop.get(f"/stock/{sku}")
    if r.status_code == 200:
        return r.json().get("available")
    return None
