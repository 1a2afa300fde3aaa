"""Abuse 20: whatever is written as a message or a name is text: nothing runs, nothing leads elsewhere."""

from playwright.async_api import Page, expect

from browser.conftest import Sit
from browser.talk import say
from house.server import House

ACTIONS = ("window.__xss=1", "alert(1)", "fetch('/api/me')")
MARKUP = (
    "<script>{}</script>",
    "</p><script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script\n>{}</script>",
    "<<script>{}//<</script>",
    '<img src=x onerror="{}">',
    "<img src=x onerror={}>",
    "<img/src=x/onerror={}>",
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    '<svg><animate onbegin="{}" attributeName=x></svg>',
    '<svg><a xlink:href="javascript:{}"><text y=20>x</text></a></svg>',
    "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'>",
    '<iframe src="javascript:parent.{}">',
    '<object data="javascript:{}">',
    '<embed src="javascript:{}">',
    '<details open ontoggle="{}">',
    '<input autofocus onfocus="{}">',
    '<video><source onerror="{}"></video>',
    '<audio src=x onerror="{}">',
    '<marquee onstart="{}">',
    '<form action="javascript:{}"><button>x</form>',
    '<math href="javascript:{}">x</math>',
    '<style onload="{}"></style>',
    '<link rel=stylesheet href="javascript:{}">',
    '<base href="javascript:{}//">',
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    "<template><script>{}</script></template>",
    '<noscript><p title="</noscript><img src=x onerror={}>">',
    "<textarea></textarea><img src=x onerror={}>",
    "<!--><img src=x onerror={}>-->",
    "<![CDATA[<script>{}</script>]]>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&#60;img src=x onerror={}&#62;",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "{{@html '<img src=x onerror={}>'}}",
    "\u202fimg＜script＞{}＜/script＞",
    "<a href='https://example.org' onclick={}>x</a>",
    '"><img src=x onerror={}>',
    "'-{}-'",
)
LINKS = (
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "java\u200bscript:{}",
    " javascript:{}",
    "javascript&colon;{}",
    "jav&#x61;script:{}",
    "javascript://example.org/%0a{}",
    "https://javascript:{}@example.org/",
    "https://user:pass@example.org/?{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD4{}",
    "vbscript:{}",
    "blob:https://example.org/{}",
    "file:///etc/passwd?{}",
    "view-source:javascript:{}",
    "[x](javascript:{})",
    "[x](data:text/html,{})",
    "![x](javascript:{})",
    "<javascript:{}>",
    "[x]: javascript:{}",
    'https://example.org/"onmouseover="{}',
    "https://example.org/'onmouseover='{}",
    "https://example.org/`onmouseover=`{}",
    "https://example.org/><img src=x onerror={}>",
    "https://example.org/#javascript:{}",
    "https://example.org/?next=javascript:{}",
    "http://[::1]:80/{}",
    "https://ex\u200bample.org/{}",
    "https:javascript:{}",
    "https:///javascript:{}",
)
CORPUS = [form.format(action) for form in MARKUP + LINKS for action in ACTIONS]
NAME_MAX = 60


def test_the_corpus_is_large_enough() -> None:
    assert len(set(CORPUS)) >= 200


async def test_two_hundred_hostile_messages_are_text(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    viewer = await sit()
    await say(hall, ben, group, *CORPUS, "the last of them")
    await viewer.enter(ann)
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await viewer.sees("the last of them")
    shown: set[str] = set()
    for _ in range(60):
        shown |= set(await viewer.log.locator("article .text").evaluate_all(_RAW_TEXTS))
        if set(CORPUS) <= shown:
            break
        await viewer.scroll_by(-900)
        await expect(viewer.log).to_have_attribute("aria-busy", "false")
        await is_harmless(viewer.page)
    assert set(CORPUS) - shown == set()
    await is_harmless(viewer.page)


async def is_harmless(page: Page) -> None:
    """Nothing has run, no element came out of a text, and every link in a message is one of the web."""
    found = await page.evaluate(_LOOK)
    assert found == {"xss": None, "strange": [], "hrefs": []}


NAMES = [name for name in CORPUS if len(name) <= NAME_MAX and name.isprintable() and name == name.strip()]


async def test_hostile_names_are_text_wherever_they_stand(sit: Sit, hall: House) -> None:
    names = [name for name in NAMES if "\u200b" not in name][::6]
    group, people = await hall.club("Ann", *names)
    for person in people[1:]:
        await person.post(group, "hello")
    viewer = await sit()
    await viewer.enter(people[0])
    await viewer.sees("hello")
    await expect(viewer.log.get_by_text(names[-1], exact=True).first).to_be_attached()
    await is_harmless(viewer.page)
    await viewer.go(f"/c/{group}/members")
    for name in names:
        await expect(viewer.page.get_by_role("dialog").get_by_text(name, exact=True).first).to_be_attached()
    await is_harmless(viewer.page)
    await viewer.button(f"Remove {names[0]}").click()
    await expect(viewer.page.get_by_role("dialog", name=f"Remove {names[0]}?")).to_be_visible()
    await is_harmless(viewer.page)


async def test_a_hostile_club_name_is_text_at_the_door_and_in_the_title(sit: Sit, hall: House) -> None:
    name = "<img src=x onerror=window.__xss=1>"
    ann = await hall.person("Ann", with_email=True)
    made = await ann.create_club(name)
    viewer, guest = await sit(), await sit()
    await viewer.enter(ann)
    await expect(viewer.page).to_have_title(f"{name} · Clubroom")
    await guest.go(f"/join/{made['code']}")
    await expect(guest.page.get_by_text(name, exact=True)).to_be_visible()
    await guest.field("Your name").fill(name)
    await guest.page.get_by_role("button", name="Join").click()
    await expect(guest.composer).to_be_visible()
    for one in (viewer, guest):
        await is_harmless(one.page)


_RAW_TEXTS = "(texts) => texts.map((text) => text.textContent)"

_LOOK = """
() => {
  const inside = [...document.querySelectorAll("[data-body] *, .name *, h1 *")];
  const ours = ["P", "A", "SPAN", "STRONG", "BUTTON", "svg", "path", "I"];
  return {
    xss: window.__xss ?? null,
    strange: [
      ...inside.filter((element) => !ours.includes(element.tagName)).map((element) => element.outerHTML),
      ...[...document.querySelectorAll("*")]
        .filter((element) => [...element.attributes].some((attribute) => /^on/i.test(attribute.name)))
        .map((element) => element.outerHTML),
    ],
    hrefs: [...document.querySelectorAll("[data-body] a")]
      .filter((a) => !/^https?:$/.test(a.protocol) || a.username || a.rel.split(" ").indexOf("noopener") < 0)
      .map((a) => a.href),
  };
}
"""
