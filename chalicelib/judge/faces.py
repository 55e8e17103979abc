"""What emoji and emoticons say, from -4 to 4. Our own table.

Not listed: what is as often sad as happy. 😭, 🙏 and 😂 are, and count for little.
"""

_BY_SCORE = {
    3.0: "😍🥰❤♥💕💖💗💓💞💘🤩",
    2.5: "🥳🎉👍💪🏆💯🙌😘💚💙💛🧡💜🤗🫶",
    2.0: "😀😃😄😁😊☺🙂😎😻🌟⭐🔥✨👌😋🤝🌞☀💐🌹",
    1.2: "😉😇🍀✅🎊🙏",
    0.5: "😂🤣😅",
    -0.6: "😭😐😑😶👀",
    -0.8: "🙃🙄👏",
    -1.5: "😕🙁☹😟🤔😬😮😓😰🥴🤨😒",
    -2.0: "😢😞😔😩😫😣😖💔👎😷🤦😥😪🐌❌",
    -3.0: "😠😡🤬👿😤🤮🤢💩🖕😱🚨",
}
EMOJI = {face: score for score, faces in _BY_SCORE.items() for face in faces}
EMOTICONS = {
    ":)": 1.8, ":-)": 1.8, "=)": 1.8, ":]": 1.5, ":d": 2.2, ":-d": 2.2, "=d": 2.0, ";)": 1.0, ";-)": 1.0,
    "<3": 2.5, ":p": 1.0, ":-p": 1.0, "^^": 1.0, ":(": -2.0, ":-(": -2.0, "=(": -2.0, ":'(": -2.2,
    ":/": -1.4, ":-/": -1.4, ":|": -0.8, ":-|": -0.8, ":s": -1.2, ">:(": -3.0, "</3": -2.2,
}  # fmt: skip
FACES = EMOJI | EMOTICONS
