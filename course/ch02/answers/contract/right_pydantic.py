from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Needed(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    name: Annotated[str, Field(min_length=1)]
    price_cents: Annotated[int, Field(ge=0)]


def keeps_promise(status, body):
    try:
        Needed.model_validate(body)
    except ValidationError:
        return False
    return status == 200
