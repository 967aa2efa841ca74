# feedback: rien n’est arrivé | Payments et notifications
def publish(event):
    return True
