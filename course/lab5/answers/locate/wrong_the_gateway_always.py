# feedback: « products » échoue
def locate(spans):
    if any(map(red, spans)):
        return "gateway", ("client", "gateway")
