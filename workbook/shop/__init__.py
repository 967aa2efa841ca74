"""The shop: its services as processes, their clients, and what a notebook does to them."""

from workbook.shop.shop import Shop

__all__ = ["Shop"]
