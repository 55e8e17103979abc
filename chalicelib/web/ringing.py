"""A bell for what a person's deed makes somebody else's work, or work again."""

from chalicelib.domain.brand import Brand
from chalicelib.stages import nearly_late
from chalicelib.stages.answer import Ring
from chalicelib.web.visit import Visit


def late(visit: Visit, brand: Brand) -> Ring:
    """Tells the department of a case that comes to it nearly late."""
    return lambda case: nearly_late.ring(case, brand, visit.desk.alerts, visit.now)
