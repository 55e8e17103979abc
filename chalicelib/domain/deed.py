"""What may be done here; who may do it is in `roles.py`. Apart, as every Lambda loads it with the routes."""

from enum import StrEnum


class Deed(StrEnum):
    """`READ`: what everybody sees. `ANSWER`: cases, good deeds, the sandbox. `PUBLISH`: posts. `BRAKE`: stop
    everything. `UPKEEP`: let the brake go. `TEAM`: who works in which department. `MANAGE`: what belongs to
    the whole brand: its settings, addresses and keys, its log, its report, the queues. `GOVERN`: what holds
    for every brand."""

    READ = "read"
    ANSWER = "answer"
    PUBLISH = "publish"
    BRAKE = "brake"
    UPKEEP = "upkeep"
    TEAM = "team"
    MANAGE = "manage"
    GOVERN = "govern"
