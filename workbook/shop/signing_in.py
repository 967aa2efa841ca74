"""Somebody signed in at the shop: a token, renewed before it expires for as long as the shop lives.

Auth gives tokens of a quarter of an hour (RFC 6749, `expires_in`); a chapter lasts longer, and so
does a lunch. Whoever wants to see one expire sends it by hand, in an `Authorization` header.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from workbook.errors import WorkbookError
from workbook.shop.client import Client, Response, ServiceUnreachable
from workbook.waiting import patient

PATIENCE = 15.0
BUSY = {503, 504}


class SignedIn:
    """`username` at the shop whose front is `door`; `token()` is good now.

    Renewed at half its life; where that is impossible the old one serves to its end.
    """

    def __init__(
        self,
        username: str,
        password: str,
        door: Client,
        pause: Callable[[float], object],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.username = username
        self._credentials = {"username": username, "password": password}
        self._door, self._pause, self._clock = door, pause, clock
        self._renewing = threading.Lock()
        self._keep(self._insist())

    def token(self) -> str:
        """An access token; raises `WorkbookError` when the last has expired and none can be had."""
        now = self._clock()
        if now < self._stale_at:
            return self._token
        if now < self._dead_at:
            self._renew_if_possible()
        else:
            with self._renewing:
                if self._clock() >= self._dead_at:  # else: another thread has done it meanwhile
                    self._keep(self._insist())
        return self._token

    def _renew_if_possible(self) -> None:
        if not self._renewing.acquire(blocking=False):
            return
        try:
            response = self._ask()
            if response.ok:
                self._keep(response)
        except ServiceUnreachable:
            return  # the next call will ask again
        finally:
            self._renewing.release()

    def _insist(self) -> Response:
        """The answer to a log-in; a slow machine may still be hashing the passwords."""
        deadline = time.monotonic() + patient(PATIENCE)
        response = self._ask()
        while response.status_code in BUSY and time.monotonic() < deadline:
            self._pause(0.2)
            response = self._ask()
        if not response.ok:
            username = self._credentials["username"]
            raise WorkbookError(
                f"La connexion de « {username} » a échoué : {response!r}\n"
                f'Quand « auth » répondra de nouveau, relancez shop.sign_in("{username}").'
            )
        return response

    def _ask(self) -> Response:
        return self._door.post("/auth/login", self._credentials)

    def _keep(self, response: Response) -> None:
        answer = response.json()
        lifetime = float(answer.get("expires_in") or "inf")
        now = self._clock()
        self._token = answer["access_token"]
        self._stale_at, self._dead_at = now + lifetime / 2, now + lifetime
