# feedback: échoue
def locate(spans):
    for span in spans:
        if red(span):
            return span["service"], ("client", span["service"])
