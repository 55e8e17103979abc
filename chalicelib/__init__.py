"""Webspin: it hears what people say about an organisation, judges it, opens cases, lets a person
approve a reply, and sends it.

Read in this order: `../app.py` (every trigger), `tasks.py` (what travels between them), `stages/`
(what happens, one file a stage), `domain/` (the rules), `ports.py` (what we ask of the world),
`wiring.py` (who plays which part), then whichever side interests you: `platforms/`, `judge/`,
`aws/`, `web/`. `docs/architecture.md` draws the whole.
"""
