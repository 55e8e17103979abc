"""The forms of sources and channels: made of what each platform module asks for (`ports/platforms.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    ValidationInfo,
    create_model,
    model_validator,
)

from chalicelib import platforms
from chalicelib.brandfile.values import (
    APART,
    GENERATE,
    Account,
    Cap,
    Handle,
    HookSecret,
    Id,
    Instance,
    Muted,
    Scheme,
    Secret,
    Slots,
    Tag,
    Text,
    Topic,
    Url,
    YesNo,
)
from chalicelib.domain.keyring import own
from chalicelib.domain.knock import USUAL
from chalicelib.domain.source import CAP
from chalicelib.platforms import _meta
from chalicelib.ports import Ear, Setting

VALUES: Mapping[str, Any] = {
    "text": Text,
    "address": Url,
    "server": Instance,
    "account": Account,
    "handle": Handle,
    "tag": Tag,
    "yes": YesNo,
    "secret": Secret,
    "scheme": Scheme,
    "topic": Topic,
    "hook-secret": HookSecret,
}
"""How each kind of setting is read."""
Interval = Annotated[int, Field(ge=1, le=1440)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Form):
    """`id` is made from the name where it is not given."""

    name: Text
    id: Id = ""


class Connected(Named):
    """`SETTINGS` are the fields that the platform module is given; `SECRETS` are kept apart."""

    SETTINGS: ClassVar[tuple[str, ...]] = ()
    SECRETS: ClassVar[tuple[str, ...]] = ()
    OWN: ClassVar[str] = ""
    """Of the secrets the one that lies by itself (`keyring.own`)."""
    STANDS_IN: ClassVar[str] = "env:KEPT"
    """Written for a secret that is needed, where it is kept apart and not mentioned."""
    if TYPE_CHECKING:
        platform: str

    @model_validator(mode="before")
    @classmethod
    def _may_be_apart(cls, given: Any, info: ValidationInfo) -> Any:
        if info.context != APART or not isinstance(given, dict):
            return given
        needed = (name for name in cls.SECRETS if cls.model_fields[name].is_required())
        return {**dict.fromkeys(needed, cls.STANDS_IN), **given}

    def settings(self) -> dict[str, str]:
        return self._chosen(self.SETTINGS)

    def secrets(self) -> dict[str, str]:
        return self._chosen(self.SECRETS)

    def _chosen(self, names: tuple[str, ...]) -> dict[str, str]:
        found = {name: getattr(self, name) for name in names}
        return {name: _plain(value) for name, value in found.items() if value}


def _plain(value: object) -> str:
    return "yes" if value is True else str(value)


class SourceForm(Connected):
    """`watched` keeps only what a watch matches; what is addressed to us is always kept."""

    channel: str = ""
    interval: Interval = 5
    watched: YesNo = True
    cap: Cap = CAP
    muted: Muted = ""
    paused: YesNo = False


class Through(SourceForm):
    """Listens on the account of a channel."""

    channel: str


class Metered(SourceForm):
    """Of a network that charges for what is read: `watch` pays, where it is named."""

    watch: str = ""


class Caller(Connected):
    """Calls us; so it has no interval. How it signs is kept with the secret, for who verifies a call."""

    STANDS_IN = GENERATE
    channel: str = ""
    cap: Cap = CAP
    muted: Muted = ""
    paused: YesNo = False

    def settings(self) -> dict[str, str]:
        return {name: value for name, value in super().settings().items() if value != USUAL}

    def secrets(self) -> dict[str, str]:
        return {**super().settings(), **super().secrets()}


class ChannelForm(Connected):
    """`slots`: by day the local times at which it publishes."""

    slots: Slots = {}


def _source(platform: str, kinds: tuple[str, ...], ear: Ear) -> type[Connected]:
    """The form of these kinds, which ask for the same. One without a name is meant where none is given."""
    kind = kinds[0]
    bases: list[type[Connected]] = [Caller] if ear.calls else [Through] if ear.through else []
    bases += [Metered] * any((platform, each) in METERED for each in kinds)
    more: dict[str, Any] = {"kind": (Literal[kinds], ... if kind else "")} if any(kinds) else {}
    if not ear.calls:
        more["interval"] = (Interval, ear.every)
    name = f"{_class(platform)}{_class(kind) or 'Source'}"
    return _form(name, tuple(bases) or (SourceForm,), platform, more, ear.settings)


def _sources() -> Iterator[tuple[tuple[str, ...], type[Connected]]]:
    """A form for each kind; where one of a platform has no name, one for all of them."""
    for platform in dict.fromkeys(platform for platform, _ in EARS):
        kinds = tuple(kind for name, kind in EARS if name == platform)
        if "" in kinds:
            yield (platform,), _source(platform, kinds, EARS[platform, ""])
        else:
            for kind in kinds:
                yield (platform, kind), _source(platform, (kind,), EARS[platform, kind])


def _form(
    name: str,
    bases: tuple[type[Connected], ...],
    platform: str,
    more: Mapping[str, Any],
    settings: Iterable[Setting],
) -> type[Connected]:
    fields = {
        "platform": (Literal[platform], ...),
        **more,
        **{
            each.name: (VALUES[each.value], ... if each.needed else _default(each))
            for each in sorted(settings, key=lambda each: each.secret)
        },
    }
    make: Any = create_model
    form: type[Connected] = make(name, __base__=bases, __module__=__name__, **fields)
    form.SETTINGS = (*("kind",) * ("kind" in more), *(each.name for each in settings if not each.secret))
    form.SECRETS = tuple(each.name for each in settings if each.secret)
    form.OWN = own(form.SECRETS, asks=platforms.oauth(platform) is not None)
    return form


def _default(setting: Setting) -> Any:
    return setting.default == "yes" if setting.value == "yes" else setting.default


def _class(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _any(forms: Mapping[tuple[str, ...], type[Connected]]) -> Any:
    """One of these forms, told apart by its platform and where that has several kinds by that."""
    by_platform: dict[str, list[type[Connected]]] = {}
    for shape, form in forms.items():
        by_platform.setdefault(shape[0], []).append(form)
    each = [_one_of(found, "kind") for found in by_platform.values()]
    return _one_of(each, "platform")


def _one_of(forms: list[Any], tag: str) -> Any:
    return Annotated[reduce(or_, forms), Discriminator(tag)] if len(forms) > 1 else forms[0]


def _given(name: str, settings: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """A token that its network gives a person need not stand here: it may be pasted."""
    if platforms.oauth(name) is None:
        return settings
    return tuple(replace(each, needed=False) if each.name == "token" else each for each in settings)


EARS: Mapping[tuple[str, str], Ear] = {
    (name, kind): replace(ear, settings=_given(name, ear.settings))
    for name in platforms.names()
    for kind, ear in platforms.module(name).SOURCES.items()
}
"""Every way to listen, by platform and kind."""
ASKED: Mapping[str, tuple[Setting, ...]] = {
    name: _given(name, of.CHANNEL)
    for name in platforms.names()
    if hasattr(of := platforms.module(name), "CHANNEL")
}
"""What a channel asks for, by platform."""
PUBLISHES = frozenset(name for name in ASKED if platforms.can(name, "publish"))
"""Channels that take posts, and not answers alone."""
CALLING: Mapping[str, str] = {
    name: _meta.SCHEME if name in _meta.NAMES else name
    for name in platforms.names()
    if not (of := platforms.module(name)).SOURCES and hasattr(of, "UNTOLD")
}
"""Platforms that are heard by their own calls only, each with the scheme by which it signs them."""
CONNECTED = frozenset(shape for shape in EARS if platforms.asks(*shape))
"""Sources that wait for the token that their network gives a person."""
METERED = frozenset(shape for shape in EARS if platforms.prices(*shape))
"""Those whose network charges for what is read."""
SOURCES: Mapping[tuple[str, ...], type[Connected]] = dict(_sources())
CHANNELS: Mapping[str, type[Connected]] = {
    name: _form(f"{_class(name)}Channel", (ChannelForm,), name, {}, settings)
    for name, settings in ASKED.items()
}
if TYPE_CHECKING:
    AnySource = SourceForm | Caller
    AnyChannel = ChannelForm
else:
    AnySource = _any(SOURCES)
    AnyChannel = _any({(name,): form for name, form in CHANNELS.items()})
