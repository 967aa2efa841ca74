"""What can be wrong with the broker, in the learner's words."""

from __future__ import annotations

from workbook.errors import WorkbookError

WAYS = """\
RabbitMQ est introuvable, et ce chapitre a besoin d’un vrai broker. Trois façons d’en avoir un :
  1. l’installer : « sudo apt-get install rabbitmq-server » (Debian, Ubuntu),
     « conda install -c conda-forge rabbitmq-server » ou « brew install rabbitmq » ;
     rien d’autre à régler, le cours lance sa propre instance ;
  2. avec Docker, à la racine du cours : « make env », puis « docker compose up -d rabbitmq » ;
  3. en avoir un ailleurs et le désigner : RABBITMQ_URL=amqp://utilisateur:motdepasse@machine:5672/
Ensuite, redémarrez le noyau et relancez la cellule."""


class BrokerError(WorkbookError):
    """The broker cannot do what was asked; the message says why."""


class BrokerMissing(BrokerError):
    """No broker anywhere: the message names the three ways to get one."""

    def __init__(self, detail: str = ""):
        super().__init__(WAYS + (f"\n({detail})" if detail else ""))


class AccessRefused(BrokerError):
    """A broker answers, and does not take our name and password."""


class ManagementError(BrokerError):
    """The management API refused: `status` is its HTTP status, `said` what it answered."""

    def __init__(self, status: int, message: str, said: str = ""):
        super().__init__(message)
        self.status = status
        self.said = said
