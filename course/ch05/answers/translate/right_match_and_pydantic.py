from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, ValidationError


class User(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    id: str
    name: str


def find_user(url):
    session = requests.Session()
    try:
        response = session.request("GET", url, timeout=0.9)
    except Exception as error:
        match error:
            case requests.Timeout():
                return [HTTPStatus.GATEWAY_TIMEOUT, "trop tard"]
            case requests.ConnectionError():
                return [HTTPStatus.SERVICE_UNAVAILABLE, "absent"]
            case _:
                return [HTTPStatus.BAD_GATEWAY, "rompu"]
    finally:
        session.close()
    match response.status_code:
        case 200:
            try:
                return [HTTPStatus.OK, User.model_validate_json(response.content).model_dump()]
            except ValidationError:
                return [HTTPStatus.BAD_GATEWAY, "charabia"]
        case 404:
            return [HTTPStatus.UNPROCESSABLE_ENTITY, "inconnu"]
        case 503 | 504:
            return [response.status_code, "indisponible"]
        case _:
            return [HTTPStatus.BAD_GATEWAY, "panne"]
