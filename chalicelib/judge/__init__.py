"""How we read people: everything that plays `ports.Judge`.

A judge has a `version` and one method, `read(text, hint) -> Reading`: language, sentiment with its
probabilities and the passages they rest on, intents and urgency. It sees a text and nothing else, so
that its verdict can be made again from what was kept. It never raises for what a text holds, and says
`UNSURE` rather than guess.

`embedded.py` is the judge inside the package: a lexicon for Dutch and English, no network, no cost.
To add another, write one file here with one class, give it a version of its own (a mention is judged
once per version), and name it in `wiring.py`. `docs/judge.md` says how well the embedded one does.
"""
