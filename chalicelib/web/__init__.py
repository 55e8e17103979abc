"""The console: pages rendered on the server, and the door to them.

    routes -> door (session, CSRF, errors) -> pages/* (one page and its deeds each) -> render

A page is a function from a `Visit` to a `Page` (a template and its values) or a `Go` (a redirect); it
knows no HTTP. What it may ask for lies on the `Desk`, which `wiring.py` fills.
"""
