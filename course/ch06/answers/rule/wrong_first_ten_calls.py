# feedback: Seuls les dix derniers comptent
# mistake: regarde(nt) les dix premiers appels
def bad(call):
    if call["status"] is None:
        return True
    return call["status"] >= 500 or call["seconds"] > 1


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    window = calls[:10]
    if len(window) < 4:
        return False
    return sum(1 for call in window if bad(call)) / len(window) >= 0.5
