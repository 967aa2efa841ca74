"""Unparsed: what waitress refuses before there is a request, as problem+json like all the rest.

A body that is too long (413), headers that are (431), a method or a length that makes no sense.
"""

import json

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from services.chassis.problems import described


class Refusal(ErrorTask):
    """Waitress's own answer, in our words; the connection closes after it."""

    def execute(self):
        status = self.request.error.code
        body = json.dumps(described(status), ensure_ascii=False).encode()
        self.status = f"{status} {self.request.error.reason}"
        self.response_headers.append(("Content-Type", "application/problem+json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection whose refusals are problem documents."""

    error_task_class = Refusal
