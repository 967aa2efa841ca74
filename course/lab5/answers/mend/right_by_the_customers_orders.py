def mend(wheel):
    wheel.roll_back("orders")
    for name in ("alice", "bob"):
        shop.sign_in(name)
        page = 0
        while found := shop.get(f"/orders?limit=100&offset={page}").json()["orders"]:
            for order in found:
                if order["status"] == "REJECTED":
                    shop["inventory"].delete(f"/reservations/{order['id']}")
            page += 100
