from pydantic import BaseModel, ConfigDict


class Stock(BaseModel):
    model_config = ConfigDict(extra="ignore")
    available: int


def units_left(sku: str) -> int | None:
    found = shop.get(f"/stock/{sku}")
    return None if found.status_code == 404 else Stock.model_validate_json(found.text).available
