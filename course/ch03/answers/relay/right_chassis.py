from flask import Flask, Response, request

from services.chassis import Problem
from services.chassis.attempt import DeadlineExceeded, Unavailable
from services.chassis.calls import service

app = Flask(__name__)


@app.route("/sales", methods=["GET", "POST"])
def forward():
    try:
        answer = service("till").request(
            request.method,
            "/sales",
            data=request.get_data(),
            headers={"Content-Type": "application/json"},
        )
    except (Unavailable, DeadlineExceeded) as error:
        raise Problem(502, "La caisse a coupé la connexion.") from error
    return Response(answer.content, answer.status_code, content_type="application/json")
