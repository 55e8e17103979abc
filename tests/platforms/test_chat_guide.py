"""What the guide's section of the chats says is what their modules take."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.brandfile.file import read
from chalicelib.http import Http
from tests.platforms.peers import platform

ROOT = Path(__file__).parents[2]
KEYS = {
    "TELEGRAM_TOKEN": "123456:fake",
    "SLACK_SIGNING_SECRET": "plainly-not-a-secret",
    "SLACK_TOKEN": "xoxb-fake",
    "DISCORD_TOKEN": "fake.bot.token",
    "TEAMS_ADDRESS": "https://x.logic.azure.com/workflows/x/triggers/manual/paths/invoke?sig=fake",
}


def test_what_a_brand_file_says_of_chats_is_what_their_modules_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    guide = (
        (ROOT / "docs/brand-file.md").read_text("utf-8").partition("## Telegram, Slack, Discord and Teams")[2]
    )
    shown = guide.partition("```yaml\n")[2].partition("```")[0]
    head = "name: Deeg\nzone: Europe/Amsterdam\nlanguages: nl\ndepartments:\n  - name: Balie\n"
    (tmp_path / "deeg.yaml").write_text(head + shown)
    setup = read(tmp_path / "deeg.yaml", now=datetime(2026, 11, 23, tzinfo=UTC))
    for source in setup.sources:
        secret = {} if source.platform == "webhook" else setup.secrets[f"source/deeg/{source.id}"]
        assert platform(source.platform, source.settings, secret, Http())
    for channel in setup.brand.channels:
        for secrets in (setup.secrets[f"channel/deeg/{channel.id}"], {}):
            assert platform(channel.platform, channel.settings, secrets, Http()).room() >= 2000
    assert [each.platform for each in setup.brand.channels] == ["telegram", "slack", "discord", "teams"]
