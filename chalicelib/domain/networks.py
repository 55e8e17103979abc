"""How networks are written."""

CALLED = {
    "bluesky": "Bluesky",
    "discord": "Discord",
    "discourse": "Discourse",
    "email": "E-mail",
    "facebook": "Facebook",
    "google_alerts": "Google Alerts",
    "google_business": "Google Business",
    "hackernews": "Hacker News",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "pinterest": "Pinterest",
    "reddit": "Reddit",
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "telegram": "Telegram",
    "threads": "Threads",
    "tiktok": "TikTok",
    "trustpilot": "Trustpilot",
    "whatsapp": "WhatsApp",
    "wordpress": "WordPress",
    "x": "X",
    "youtube": "YouTube",
}
"""By the name that a platform has everywhere; also of those that only other programs bring."""


def called(platform: str) -> str:
    """Of one that is not among them its own name, with a capital."""
    return CALLED.get(platform) or platform.replace("_", " ").capitalize()
