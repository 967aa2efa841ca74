"""The bet: a prediction with a certainty, kept, sealed by the measurement and compared with it.

For notebooks: `bet` and `settle`. For authors: the questions `Number`, `Choice` and `Ordering`,
which stand in `course/<key>/bets.py`. Nothing here is a grade.
"""

from workbook.bets.commands import bet, settle
from workbook.bets.question import BadAnswer, Choice, Number, Ordering

__all__ = ["BadAnswer", "Choice", "Number", "Ordering", "bet", "settle"]
