# feedback: Une panne ouvre, une erreur du client n’ouvre pas
# mistake: (prend|prennent) l’absence de réponse pour un succès
def bad(call):
    if call["status"] is None:
        return call["seconds"] > 1
    return call["status"] >= 500 or call["seconds"] > 1


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    window = calls[-10:]
    if len(window) < 4:
        return False
    return sum(1 for call in window if bad(call)) / len(window) >= 0.5
