"""Who calls us, in words: how each is called, where its secret is found, and what is pasted where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.knock import SIGNINGS, USUAL
from chalicelib.domain.source import Source
from chalicelib.web.i18n import N_, Words


@dataclass(frozen=True, slots=True)
class Caller:
    """`secret`: where its network shows the secret; "" where we make it. `paste`: what to do with address,
    secret and word."""

    name: str
    paste: str
    secret: str = ""


CALLERS: Mapping[str, Caller] = {
    USUAL: Caller(
        N_("Anything that signs by Standard Webhooks"),
        N_("Give whoever calls us the address and the secret."),
    ),
    "github": Caller(
        N_("GitHub, and what signs as it does"),
        N_("Under Settings, Webhooks: paste the address and the secret, with content type application/json."),
    ),
    "meta": Caller(
        N_("Facebook, Instagram, Threads, WhatsApp (Meta)"),
        N_("Under Webhooks in your app: the address is the callback URL, the word is the verify token."),
        N_("The app secret, under App settings, Basic."),
    ),
    "x": Caller(
        N_("X"),
        N_("Register the address as a webhook of your app. X asks at once whether we know the secret."),
        N_("The consumer secret of your app (API key secret)."),
    ),
    "linkedin": Caller(
        N_("LinkedIn"),
        N_("Under Webhooks in your app: add the address. LinkedIn asks at once whether we know the secret."),
        N_("The client secret of your app."),
    ),
    "slack": Caller(
        N_("Slack"),
        N_("Under Event Subscriptions in your app: the address is the request URL."),
        N_("The signing secret, under Basic Information of your app."),
    ),
    "discord": Caller(
        N_("Discord"),
        N_("Paste the address as the interactions endpoint URL, or as the endpoint under Webhooks."),
        N_("The public key, under General Information of your application."),
    ),
    "telegram": Caller(
        N_("Telegram"),
        N_("Call setWebhook with the address as url and the secret as secret_token."),
    ),
    "tiktok": Caller(
        N_("TikTok"),
        N_("Under Webhooks in the developer portal: the address is the callback URL."),
        N_("The client secret of your app."),
    ),
    "discourse": Caller(
        N_("Discourse"),
        N_("Under Admin, API, Webhooks: the address is the payload URL; choose application/json."),
    ),
    "mastodon": Caller(
        N_("Mastodon: a server you administer"),
        N_("Under Administration, Webhooks: add the address. The server then shows the secret."),
        N_("The signing secret that the server shows once the webhook is there; it can be filled in later."),
    ),
    "websub": Caller(
        N_("A feed that pushes (WebSub)"),
        N_("Nothing to do: within the hour we ask the feed's hub to call us, and again before it forgets."),
    ),
    "teams": Caller(
        N_("Microsoft Teams: an outgoing webhook"),
        N_("In the team: add an outgoing webhook with the address. Teams then shows the secret."),
        N_("The security token that Teams shows once the webhook is there; it can be filled in later."),
    ),
    "google-pubsub": Caller(
        N_("Google Pub/Sub"),
        N_("Make a push subscription to the address, with authentication; leave the audience as it is."),
        N_("The e-mail address of the service account that it authenticates with."),
    ),
    "sns": Caller(
        N_("Amazon SNS"),
        N_("Subscribe the address to the topic, by HTTPS. We confirm it by ourselves."),
        N_("The ARN of the topic."),
    ),
    "web-push": Caller(
        N_("Web Push"),
        N_("Subscribe with the address as the endpoint, and these two keys."),
    ),
    "webmention": Caller(
        N_("Sites that link to yours (Webmention)"),
        N_('In the head of your pages: <link rel="webmention" href="the address">.'),
    ),
    "unsigned": Caller(
        N_("Something that cannot sign"),
        N_("Give whoever calls us the address, and nobody else: it is all that proves who calls."),
    ),
}
"""By scheme, in the order in which they are offered."""


def scheme_of(source: Source) -> str:
    return source.settings.get("scheme", USUAL)


def choices() -> Sequence[tuple[str, str]]:
    return [(scheme, caller.name) for scheme, caller in CALLERS.items()]


def address(base: str, source: Source, word: str = "") -> str:
    """Where a source is called; "" where nobody told us our address, or where it ends in a word that was
    shown once and is not given."""
    if not base or (SIGNINGS[scheme_of(source)].in_path and not word):
        return ""
    return "/".join(filter(None, (base.rstrip("/"), source.brand, source.id, word)))


def named(source: Source, words: Words) -> str:
    return words.gettext(CALLERS[scheme_of(source)].name)
