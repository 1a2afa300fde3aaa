"""How people write: the same words in somebody's own way."""

import random
import re

from clubroom.app.demo.people import Voice

EMOJI = ("😊", "❤️", "🙈", "✨", "🌿", "😄", "🎶", "🙏")
_LINK = re.compile(r"(https?://\S+|<@\w+>)")


def in_voice(text: str, voice: Voice, rng: random.Random) -> str:
    """`text` as a person with this voice types it. Links and whom it calls stay as they are."""
    if voice == "plain" or not any(letter.isascii() and letter.isalpha() for letter in text):
        return text
    parts = _LINK.split(text)
    parts[::2] = [_words(part, voice) for part in parts[::2]]
    said = "".join(parts)
    if (
        voice == "emoji"
        and len(said) > 8
        and said[-1] in ".!?abcdefghijklmnopqrstuvwxyz"
        and rng.random() < 0.4
    ):
        return f"{said.removesuffix('.')} {rng.choice(EMOJI)}"
    return said


def _words(text: str, voice: Voice) -> str:
    match voice:
        case "capitals":
            return text.upper()
        case "small":
            return re.sub(r"(?<![.])\.$", "", text.lower())
        case "dots":
            return re.sub(r"(?<![.…?!])\.(?=\s|$)", "…", text)
        case "bang":
            return re.sub(r"(?<![.…?!])\.$", "!", text)
        case _:
            return text
