"""Many posts at once, from a file: all of it, or what is wrong with each row."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.post import PostKey
from chalicelib.web.api.call import Call
from chalicelib.web.api.problem import Refusal, Wrong
from chalicelib.web.api.shapes import Given, Shape
from chalicelib.web.pages import post_import as page
from chalicelib.web.request import LONGEST


class File(Given):
    """CSV or YAML, as the console takes it. A row of whose title or text a post (or a row before it)
    leaves at its moment already is planned only with `doubles`."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    doubles: bool = False


class Import(Shape):
    """The posts that the file's rows are by now. `left` is how many were doubles, and are not planned."""

    id: str
    posts: list[str]
    left: int


def plan(call: Call, body: File) -> Import:
    """Plan the posts of a file. The same file twice plans nothing twice."""
    looked = sound(call, body)
    page.plan_all(call.visit, looked, looked.doubles if body.doubles else ())
    asked = [wish.id for wish in looked.wishes]
    there = call.desk.posts.get_many([PostKey(call.brand.id, id) for id in asked])
    posts = [id for id in asked if id in {each.key.id for each in there}]
    return Import(id=call.new_id, posts=posts, left=len(asked) - len(posts))


def sound(call: Call, body: File) -> page.Looked:
    """What is in the file. Raises Refusal with everything that is wrong, each at its row and field."""
    looked = page.look(call.visit, body.text)
    wrong = [
        Wrong(detail=each.said % each.values, pointer=_row(each.place, each.name))
        for each in looked.found.wrong
    ]
    wrong += [Wrong(detail=each.message, pointer=_row(place, each.field)) for place, each in looked.wrong]
    if wrong:
        raise Refusal(422, "Nothing was planned.", *wrong)
    return looked


def _row(place: int, name: str) -> str:
    """The row of a CSV or the line of a YAML, and its field: `#/text/12/title`."""
    parts = [str(place)] * bool(place) + [name] * bool(name)
    return "#/text" + "".join(f"/{part}" for part in parts)
