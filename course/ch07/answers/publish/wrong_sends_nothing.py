# feedback: rien n’est arrivé | Payments et notifications
# mistake: ne publie(nt) rien
def publish(event):
    return True
