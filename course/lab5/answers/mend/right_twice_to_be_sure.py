def mend(wheel):
    wheel.roll_back("orders")
    for _ in range(2):
        for order in {v.order for v in wheel.visits() if v.promise == "refus"} - {None}:
            assert shop["inventory"].delete(f"/reservations/{order}").ok
