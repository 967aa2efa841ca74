class Topologie:
    def __init__(self, canal):
        self.canal = canal

    def echange(self, nom, genre):
        self.canal.exchange_declare(nom, genre, durable=True)
        return nom

    def file(self, nom, **arguments):
        autres = {cle.replace("_", "-"): valeur for cle, valeur in arguments.items()}
        return self.canal.queue_declare(nom, durable=True, arguments=autres).method.queue


def declare(channel):
    ici = Topologie(channel)
    evenements = ici.echange("shop.events", "topic")
    rebut = ici.echange("shop.dead", "direct")
    demandes = ici.file("returns.requested", x_dead_letter_exchange=rebut)
    channel.queue_bind(demandes, evenements, "return.requested")
    channel.queue_bind(ici.file("notifications.returns"), evenements, "return.*")
    channel.queue_bind(ici.file("returns.dead"), rebut, "return.requested")
