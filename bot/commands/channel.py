"""`saan line setup`: the webhook address and the rich menu, on the configured channel."""

from __future__ import annotations

import argparse

from bot.commands.common import FAILED, Fault, wired
from bot.line.channel import ChannelError, LineChannel


def setup(_args: argparse.Namespace) -> int:
    """Set the address, let LINE check it, and put up the menu. Running it again changes nothing."""
    settings = wired().settings
    base = settings.image_base if settings.simulator else settings.base_url
    if not base.startswith("https://"):
        raise Fault("LINE takes only https: set BASE_URL to the public https address")
    channel = LineChannel(settings.line_api, settings.line_data_api, settings.line_token)
    try:
        print(put_up_menu(channel))
        return _webhook(channel, base)
    except ChannelError as error:
        raise Fault(str(error), FAILED) from None


def put_up_menu(channel: LineChannel) -> str:
    """Show everybody the menu; menus of ours from before are taken down. Gives a line about it."""
    from bot.line import richmenu

    font = richmenu.thai_font()
    if font is None:
        return "rich menu: left out, because no Thai font is installed (for example fonts-noto-core)"
    menu = richmenu.described()
    ours = [known for known in channel.menus() if str(known.get("name", "")).startswith(richmenu.NAME)]
    same = [known["richMenuId"] for known in ours if known["name"] == menu["name"]]
    if same:
        channel.show_menu(same[0])
    else:
        channel.add_menu(menu, richmenu.picture(font))
    for known in ours:
        if known["richMenuId"] not in same[:1]:
            channel.drop_menu(known["richMenuId"])
    return f"rich menu: {menu['name']} {'is there already' if same else 'put up'}"


def _webhook(channel: LineChannel, base: str) -> int:
    address = f"{base}/line/webhook"
    channel.set_webhook(address)
    found = channel.test_webhook()
    print(f"webhook: {address}")
    if found.get("success") is True:
        print("check: LINE reached it")
        return 0
    raise Fault(f"LINE could not reach it: {found.get('reason')} {found.get('detail')}", FAILED)
