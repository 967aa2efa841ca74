# feedback: sont encore rompues
# mistake: (s’arrête|s’arrêtent) à la première visite sans commande
def mend(wheel):
    wheel.roll_back("orders")
    for visit in wheel.visits():
        if not visit.order:
            break
        shop["inventory"].delete(f"/reservations/{visit.order}")
