# feedback: circuit reste fermé
def must_open(calls):
    return False
