"""Marks in a text: what is drawn of them, and who is called by name."""

from playwright.async_api import expect

from browser.conftest import Sit
from browser.talk import say
from browser.viewer import PHONE
from house.server import House

PLAN = """# Sunday
**Ten** o'clock, *sharp*, ~~nine~~; bring `keys`:
- tables
  - and cloths
- chairs

> who has them?

1. Ann
2. Ben

```py
print("a line that is much too long for the screen of any phone that has been built so far, and further")
```
[the hall](https://hall.example/way), [bank.example](https://evil.example/)"""


async def test_marks_are_drawn_and_code_scrolls_by_itself_and_can_be_copied(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, PLAN)
    viewer = await sit(PHONE, permissions=["clipboard-read", "clipboard-write"])
    await viewer.enter(ann)
    await viewer.sees("Sunday")
    shown = viewer.messages.first.locator(".text")
    for tag, words in (
        ("strong", "Sunday"), ("strong", "Ten"), ("em", "sharp"), ("s", "nine"), ("p > code", "keys"),
        ("ul > li > ul > li", "and cloths"), ("blockquote > p", "who has them?"), ("ol > li", "Ben"),
        ('a[href="https://hall.example/way"]', "the hall"), ("a + .host", "(evil.example)"),
    ):  # fmt: skip
        await expect(shown.locator(tag).get_by_text(words)).to_be_visible()
    assert await shown.locator("pre").evaluate("(pre) => pre.scrollWidth > pre.clientWidth")
    assert await viewer.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
    await viewer.button("Copy the code").click()
    await expect(shown.get_by_text("Copied")).to_be_attached()
    copied = await viewer.page.evaluate("navigator.clipboard.readText()")
    assert copied == PLAN.partition("```py\n")[2].partition("\n```")[0]


async def test_who_is_called_reads_their_name_and_is_lit(sit: Sit, hall: House) -> None:
    group, (ann, cleo) = await hall.club("Ann", "Cleo")
    await say(hall, ann, group, f"<@{ann.user}>, <@{cleo.user}>, <@u_nobody>, <@all> and `<@{ann.user}>`")
    viewer = await sit()
    await viewer.enter(ann)
    await viewer.sees(f"@Ann, @Cleo, @someone, @everyone and <@{ann.user}>")
    lit = viewer.log.locator(".mention.lit")
    await expect(lit).to_have_text(["@Ann", "@everyone"])
    await expect(viewer.log.locator(".mention:not(.lit)")).to_have_text(["@Cleo", "@someone"])
