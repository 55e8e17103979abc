"""What we ask of the world, as Protocols. `wiring.py` says who plays which.

Every write that can repeat is safe to repeat; what a conditional write answers is in its docstring.
"""

from chalicelib.ports.heard import Alerts, Brands, Cases, Listing, Mentions, Shelf, Sources
from chalicelib.ports.hooks import Hooks
from chalicelib.ports.people import (
    ApiKeys,
    Asked,
    Audit,
    Challenge,
    Member,
    Team,
    Tokens,
    Users,
    Welcome,
)
from chalicelib.ports.platforms import (
    Counts,
    Deletes,
    Hears,
    Kit,
    Listens,
    Measures,
    Page,
    ReplyTo,
    Sent,
    Speaks,
)
from chalicelib.ports.pulse import Pulse
from chalicelib.ports.sent import (
    Brake,
    Brakes,
    Deliveries,
    Due,
    Followings,
    Measurements,
    Mornings,
    Outgoing,
    Posts,
)
from chalicelib.ports.world import Answer, Bucket, Http, Judge, Letter, Mail, Pipes, Queue, Secrets, Tasks

__all__ = [
    "Alerts",
    "Answer",
    "ApiKeys",
    "Asked",
    "Audit",
    "Brake",
    "Brakes",
    "Brands",
    "Bucket",
    "Cases",
    "Challenge",
    "Counts",
    "Deletes",
    "Deliveries",
    "Due",
    "Followings",
    "Hears",
    "Hooks",
    "Http",
    "Judge",
    "Kit",
    "Letter",
    "Listens",
    "Listing",
    "Mail",
    "Measurements",
    "Measures",
    "Member",
    "Mentions",
    "Mornings",
    "Outgoing",
    "Page",
    "Pipes",
    "Posts",
    "Pulse",
    "Queue",
    "ReplyTo",
    "Secrets",
    "Sent",
    "Shelf",
    "Sources",
    "Speaks",
    "Tasks",
    "Team",
    "Tokens",
    "Users",
    "Welcome",
]
