# feedback: « products » échoue
def locate(spans):
    return None
