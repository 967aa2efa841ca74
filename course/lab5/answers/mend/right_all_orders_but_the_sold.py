def mend(wheel):
    wheel.roll_back("orders")
    for visit in wheel.visits():
        if visit.order and not (visit.promise == "commande" and visit.kept):
            shop["inventory"].delete(f"/reservations/{visit.order}")
