"""What may be done here; who may do it is in `roles.py`. Apart, as every Lambda loads it with the routes."""

from enum import StrEnum


class Deed(StrEnum):
    """`READ`: what everybody sees. `ANSWER`: cases, good deeds, the sandbox. `PUBLISH`: posts. `BRAKE`: stop
    everything. `UPKEEP`: let the brake go, dead letters, reports on demand. `MANAGE`: the brand, who works
    there, its log. `GOVERN`: what holds for every brand."""

    READ = "read"
    ANSWER = "answer"
    PUBLISH = "publish"
    BRAKE = "brake"
    UPKEEP = "upkeep"
    MANAGE = "manage"
    GOVERN = "govern"
