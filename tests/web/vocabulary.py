"""The HTML we use, as the standard allows it: elements, their attributes, what may stand in what.

Only what a page of ours needs is here. An element or attribute that is not is a fault until it is looked up
in the standard and written down: that is how a slip of the pen differs from a choice.
"""

from collections.abc import Iterable

VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "wbr", "col"})
PHRASING = frozenset(
    {"a", "abbr", "b", "bdi", "br", "button", "code", "datalist", "del", "em", "i", "img", "input", "ins"}
    | {"kbd", "label", "mark", "meter", "output", "progress", "q", "s", "samp", "select", "small", "span"}
    | {"strong", "sub", "sup", "svg", "textarea", "time", "var", "wbr"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
SECTIONS = frozenset({"article", "aside", "nav", "section", "header", "footer", "main"})
FLOW = (
    PHRASING
    | HEADINGS
    | SECTIONS
    | frozenset({"blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "form", "hr", "ol"})
    | frozenset({"p", "pre", "search", "table", "ul"})
)
TRANSPARENT = frozenset({"a", "ins", "del"})
"""They hold what their parent may."""
INSIDE: dict[str, frozenset[str]] = {
    **dict.fromkeys(FLOW, FLOW),
    **dict.fromkeys(PHRASING | HEADINGS | {"p", "pre"}, PHRASING),
    **dict.fromkeys(("title", "textarea", "option"), frozenset()),
    "html": frozenset({"head", "body"}),
    "head": frozenset({"meta", "title", "link", "script", "noscript"}),
    "noscript": frozenset({"meta"}),
    "body": FLOW | {"script"},
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "li": FLOW,
    "dl": frozenset({"dt", "dd", "div"}),
    "dt": FLOW - HEADINGS - SECTIONS,
    "dd": FLOW,
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"}),
    "caption": FLOW - {"table"},
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
    "tr": frozenset({"th", "td"}),
    "th": FLOW - HEADINGS - SECTIONS,
    "td": FLOW,
    "select": frozenset({"option", "optgroup"}),
    "optgroup": frozenset({"option"}),
    "datalist": frozenset({"option"}),
    "details": FLOW | {"summary"},
    "summary": PHRASING | HEADINGS,
    "fieldset": FLOW | {"legend"},
    "legend": PHRASING | HEADINGS,
    "figure": FLOW | {"figcaption"},
    "figcaption": FLOW,
}
"""What may stand in an element, beside text."""
NO_TEXT = frozenset(
    {"html", "head", "ul", "ol", "dl", "table", "colgroup", "thead", "tbody", "tfoot", "tr", "select"}
)
FIRST = {"summary": "details", "legend": "fieldset", "caption": "table"}
"""The first child of its parent, and nowhere else."""
ONLY_IN = {"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}}
OPERATED = frozenset({"a", "button", "details", "input", "label", "select", "textarea"})
"""None of these in a link or a button."""

EVERYWHERE = frozenset(
    {"id", "class", "lang", "dir", "title", "tabindex", "role", "translate", "spellcheck", "autocapitalize"}
    | {"inputmode", "enterkeyhint"}
)
_FIELD = {"name", "required", "autocomplete", "readonly", "form"}
OWN: dict[str, set[str]] = {
    "meta": {"charset", "name", "content", "http-equiv"},
    "link": {"rel", "href", "type", "media"},
    "script": {"src", "defer"},
    "a": {"href", "rel", "hreflang", "download", "target", "type"},
    "form": {"method", "action", "enctype", "autocomplete"},
    "button": {"name", "value", "form", "formaction", "formnovalidate"},
    "input": _FIELD
    | {"type", "value", "placeholder", "min", "max", "step", "checked", "pattern", "minlength", "maxlength"}
    | {"accept", "list", "size", "multiple"},
    "textarea": _FIELD | {"rows", "placeholder", "minlength", "maxlength"},
    "select": _FIELD - {"readonly"},
    "option": {"value", "selected", "label"},
    "optgroup": {"label"},
    "label": {"for"},
    "output": {"for", "name", "form"},
    "fieldset": {"form"},
    "details": {"open", "name"},
    "dialog": {"open"},
    "time": {"datetime"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "th": {"scope", "colspan", "rowspan", "abbr"},
    "td": {"colspan", "rowspan", "headers"},
    "img": {"src", "alt", "width", "height", "loading"},
    "progress": {"value", "max"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "abbr": {"title"},
}
TYPES = frozenset(
    {"hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time"}
    | {"datetime-local", "number", "checkbox", "radio", "file"}
)
ROLES = frozenset({"alert", "group", "img", "list", "log", "region", "search", "status", "toolbar", "note"})
ARIA = frozenset(
    {"aria-atomic", "aria-busy", "aria-checked", "aria-controls", "aria-current", "aria-describedby"}
    | {"aria-disabled", "aria-expanded", "aria-haspopup", "aria-hidden", "aria-invalid", "aria-keyshortcuts"}
    | {"aria-label", "aria-labelledby", "aria-live", "aria-pressed", "aria-required", "aria-selected"}
    | {"aria-sort", "aria-valuemax", "aria-valuemin", "aria-valuenow", "aria-valuetext"}
)
NAMELESS = frozenset(
    {"div", "span", "p", "strong", "em", "code", "small", "mark", "b", "i", "s", "sub", "sup"}
)
"""A name on one of these is told to nobody, unless it has a role."""


def allowed_in(parents: Iterable[str]) -> frozenset[str]:
    """What may stand where these elements are open, the innermost last."""
    for parent in reversed(list(parents)):
        if parent not in TRANSPARENT:
            return INSIDE.get(parent, FLOW)
    return FLOW
