def mend(wheel):
    wheel.scale("orders", 2)
    wheel.roll_back("orders")
    refused = [v for v in wheel.visits() if v.promise == "refus"]
    for visit in refused:
        if visit.order is not None:
            response = shop["inventory"].delete("/reservations/" + visit.order)
            response.raise_for_status()
