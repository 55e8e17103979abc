"""What a brand, a department or a watch may spend a month at networks that charge, in whole micro-dollars.

A scope names whose budget it is: `brand`, `department/shop`, `watch/deeg`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.brand import Brand

WHOLE = "brand"
NEAR, USED = "near", "used"
MICRO = 1_000_000
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What is told once a month of a budget: `NEAR` its end, or `USED`. `name` is what it is called."""

    brand: str
    scope: str
    kind: str
    month: str
    amount: int
    name: str

    def __str__(self) -> str:
        """As an alert's set holds it; `read` reads it."""
        scope = self.scope.replace("/", ":")
        return "/".join((self.brand, "", self.kind, scope, self.month, str(self.amount), self.name))

    @property
    def mark(self) -> str:
        """The same for the same budget of a month; one that was raised is another."""
        return f"{self.kind} {self.scope} {self.amount}"


def read(text: str) -> Spent:
    brand, _, kind, scope, month, amount, name = text.split("/", 6)
    return Spent(
        brand=brand, scope=scope.replace(":", "/"), kind=kind, month=month, amount=int(amount), name=name
    )


def of_department(id: str) -> str:
    return f"department/{id}"


def of_watch(id: str) -> str:
    return f"watch/{id}"


def budgets(brand: Brand) -> Mapping[str, int]:
    """By scope, those that are set: micro-dollars a month; the brand's first."""
    found = {WHOLE: brand.budget}
    found |= {of_department(each.id): each.budget for each in brand.departments}
    found |= {of_watch(each.id): each.budget for each in brand.watches}
    return {scope: amount for scope, amount in found.items() if amount is not None}


def called(scope: str, brand: Brand) -> str:
    """The name of whose budget it is."""
    kind, _, id = scope.partition("/")
    if kind == "watch":
        return next((each.name for each in brand.watches if each.id == id), id)
    return brand.department(id).name if kind == "department" else brand.name


def concerns(scope: str, brand: Brand) -> str:
    """The id of the department that hears of it."""
    kind, _, id = scope.partition("/")
    if kind == "watch":
        id = next((each.department for each in brand.watches if each.id == id), "")
    return brand.department(id).id


def dollars(micro: int) -> str:
    """As a person writes it: `25`, `12.50`, `0.005`."""
    whole, rest = divmod(micro, MICRO)
    digits = f"{rest:0{DIGITS}}".rstrip("0")
    return f"{whole}.{digits:0<2}" if digits else str(whole)


def micro(text: str) -> int:
    """Of dollars as a person writes them, with a point or a comma. Raises ValueError."""
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    if not (whole + rest).isascii() or not (whole + rest).isdigit() or not whole or len(rest) > DIGITS:
        raise ValueError(f"expected US dollars such as 25 or 12.50, got {text[:60]}")
    return int(whole) * MICRO + int(f"{rest:0<{DIGITS}}")
