"""What is wrong with a query, in plain words, and at which sign."""

from lark import UnexpectedToken

WANTED = "a word, a phrase or an opening bracket"
_SHOWN = 40


class QueryFault(ValueError):
    """`column` counts from 1; `said` is what was expected there. The console has these sentences in other
    languages (`web/brand_words.py`)."""

    def __init__(self, column: int, said: str) -> None:
        super().__init__(f"column {column}: {said}")
        self.column = column
        self.said = said


def of_sign(text: str, at: int) -> QueryFault:
    """No word, operator or bracket begins so: a quote or brace that is not closed, or closes nothing."""
    return QueryFault(
        at + 1,
        {
            "{": "this { is not closed; expected a }",
            "}": "this } closes nothing; expected a { before it",
        }.get(text[at], "this quote is not closed; expected a quote after it"),
    )


def of_token(text: str, error: UnexpectedToken) -> QueryFault:
    token, expected = error.token, error.accepts or error.expected
    before = text[: token.start_pos].rstrip() if token.type != "$END" else text.rstrip()
    column = (token.start_pos or 0) + 1 if token.type != "$END" else len(before) + 1
    if before.endswith(":") and "LPAR" not in expected:
        name = before.split()[-1].lstrip("(")
        return QueryFault(len(before) + 1, f"expected a word right after {name}")
    if "LPAR" in expected and "$END" not in expected and "_RPAR" not in expected:  # a term is missing
        if token.type == "_RPAR" and before.endswith("("):
            return QueryFault(len(before), "there is nothing between these brackets")
        got = "the end" if token.type == "$END" else _cut(str(token))
        return QueryFault(column, f"expected {WANTED}, got {got}")
    if token.type == "$END":
        return QueryFault(_unclosed(text) + 1, "this bracket is not closed; expected a )")
    if token.type == "_RPAR":
        return QueryFault(column, "this bracket closes nothing; expected a ( before it")
    return QueryFault(column, f"expected AND, OR or the end, got {_cut(str(token))}")


def _unclosed(text: str) -> int:
    """Of the innermost bracket that is open at the end; those within quotes are none."""
    open_at: list[int] = []
    quoted = False
    for at, sign in enumerate(text):
        if sign in '"“”„':
            quoted = not quoted
        elif sign == "(" and not quoted:
            open_at.append(at)
        elif sign == ")" and not quoted and open_at:
            open_at.pop()
    return open_at[-1] if open_at else 0


def _cut(given: str) -> str:
    return given if len(given) <= _SHOWN else f"{given[:_SHOWN]}..."
