import time


def orders(offset):
    while not (page := shop.get(f"/orders?limit=100&offset={offset}")).ok:
        time.sleep(0.2)  # orders has just been started again
    return page.json()["orders"]


def mend(wheel):
    wheel.roll_back("orders")
    for name in ("alice", "bob"):
        shop.sign_in(name)
        offset = 0
        while found := orders(offset):
            for order in found:
                if order["status"] == "REJECTED":
                    shop["inventory"].delete(f"/reservations/{order['id']}")
            offset += 100
