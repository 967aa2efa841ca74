"""The module's asynchronous sequence, edge by edge: its three publications, and who reads them.

The module sends ORDER_CREATED to payments and to notifications. The shop goes through stock first:
order.created → stock.reserved → payment.processed → order.confirmed → email.sent.
"""

from workbook.diagrams import Diagram, corrected, observed

EVENTS = "exchange:shop.events"
LAMP = {"items": [{"sku": "LAMP", "quantity": 1}], "card": "tok_visa"}


def traffic(shop):
    """One order, which stock, payments and notifications follow by events alone."""
    shop.sign_in("alice")
    shop.post("/orders", LAMP)


DIAGRAMS = (
    Diagram(
        "Communication Asynchrone (Messages)",
        edges=(
            observed("Order Service", "Message Queue", "orders", EVENTS),
            corrected(
                "Message Queue",
                "Payment Service",
                why="ORDER_CREATED va d’abord au stock ; c’est STOCK_RESERVED qui fait débiter.",
            ),
            corrected(
                "Message Queue",
                "Notification Service",
                label="Send Confirmation",
                why="La commande n’est que créée : notifications n’a encore rien à confirmer.",
            ),
            observed("Payment Service", "Message Queue", "payments", EVENTS),
            corrected(
                "Message Queue",
                "Notification Service",
                label="Payment Success",
                why="orders lit PAYMENT_PROCESSED, puis publie ORDER_CONFIRMED : notifications "
                "ne lit que ce dernier.",
            ),
            observed("Notification Service", "Message Queue", "notifications", EVENTS),
        ),
        traffic=traffic,
        environment=(("SAGA", "choreography"),),
    ),
)
