"""UX 37: Clubroom opens without a connection with the last messages of every room, and of nobody else's."""

import pytest
from playwright.async_api import expect

from browser.conftest import SIZES, Sit
from browser.device import keeps, kept_texts, stores
from browser.files import photo
from browser.talk import lines, say
from browser.viewer import PHONE, Viewer
from house.server import House

pytestmark = pytest.mark.service_worker


async def without_a_line(viewer: Viewer) -> None:
    """The shell is kept, the line is cut, and the window is opened anew."""
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.lose_the_line()
    await viewer.page.close()
    viewer.page = await viewer.context.new_page()
    await viewer.page.goto(f"{viewer.url}/clubs")


@SIZES
async def test_without_a_line_every_room_opens_with_its_last_messages_though_none_was_opened_here(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(club, "Plans", landing=True)
    secret = await ben.channel(club, "Committee", private=True)
    await ben.ok("POST", f"/api/groups/{secret}/members", {"users": [ann.user], "history": True})
    talk = await ann.dm(ben)
    said = {club: "in the club", plans: "in the room", secret: "among us", talk: "between us"}
    for group, text in said.items():
        await say(hall, ben, group, text)
    viewer = await sit(size)
    await viewer.enter(ann)
    await keeps(viewer, {group: [text] for group, text in said.items()})
    await without_a_line(viewer)
    for name, group in (("Plans", plans), ("Committee", secret), ("Ben", talk)):
        await viewer.in_side(name).click()
        await viewer.sees(said[group])
        await viewer.page.go_back()
    await viewer.find_the_line()
    await say(hall, ben, plans, "and on")
    await keeps(viewer, {plans: ["in the room", "and on"]})


async def test_what_is_deleted_and_where_one_is_out_is_not_kept(sit: Sit, hall: House) -> None:
    club, (ben, ann) = await hall.club("Ben", "Ann")
    secret = await ben.channel(club, "Committee", private=True)
    await ben.ok("POST", f"/api/groups/{secret}/members", {"users": [ann.user], "history": True})
    gone = await ben.post(club, "a slip")
    await say(hall, ben, secret, "among us")
    viewer = await sit()
    await viewer.enter(ann)
    await keeps(viewer, {club: ["a slip"], secret: ["among us"]})
    await ben.ok("DELETE", f"/api/messages/{gone['id']}")
    await ben.remove(secret, ann.user)
    await keeps(viewer, {club: [""], secret: []})
    assert secret not in await kept_texts(viewer)
    await viewer.page.close()  # and while no window is open
    await ben.remove(club, ann.user)
    viewer.page = await viewer.context.new_page()
    await viewer.page.goto(viewer.url)
    await keeps(viewer, {club: []})


async def test_nobody_who_uses_the_browser_next_finds_what_somebody_kept_there(sit: Sit, hall: House) -> None:
    _, (ann, ben) = await hall.club("Ann", "Ben")
    talk = await ann.dm(ben)
    await say(hall, ann, talk, "between us")
    viewer = await sit()
    await viewer.enter(ann)
    await keeps(viewer, {talk: ["between us"]})
    _, (cleo,) = await hall.club("Cleo")
    link = (await cleo.ok("POST", "/api/sign-in-links"))["url"]  # by the screen: it puts away what was there
    await viewer.go(link[link.index("/sign-in") :])
    await viewer.button("Sign in on this device").click()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.composer).to_be_visible()
    [store] = await stores(viewer)
    assert cleo.user in store["name"]
    assert talk not in await kept_texts(viewer)
    await without_a_line(viewer)
    await expect(viewer.in_side("Ben")).to_have_count(0)
    await viewer.page.goto(f"{viewer.url}/c/{talk}")
    await expect(viewer.page.get_by_text("This room is not open to you.")).to_be_visible()
    await expect(viewer.page.get_by_text("between us")).to_have_count(0)


async def test_pictures_are_said_in_words_without_a_line_and_what_waits_with_one_goes_out_once(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    viewer, other = await sit(PHONE), await sit()
    await viewer.enter(ann)
    await other.enter(ben)
    await viewer.page.locator("input[type=file]").set_input_files([photo("green")])
    await viewer.write("seen")
    await other.sees("seen")
    await viewer.all_sent()
    await keeps(viewer, {club: ["seen"]})
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.lose_the_line()
    await viewer.write("first")
    await viewer.page.locator("input[type=file]").set_input_files([photo("red")])
    await viewer.write("second")
    await viewer.write("third")
    await expect(viewer.log.locator('article:not([data-state="sent"])')).to_have_count(3)
    await viewer.page.close()
    viewer.page = await viewer.context.new_page()
    await viewer.page.goto(f"{viewer.url}/c/{club}")
    await viewer.sees("third")
    await expect(viewer.message("seen")).to_contain_text("This picture cannot be shown just now.")
    await viewer.find_the_line()
    for one in (viewer, other):
        await one.sees("third")
        await one.sees("second")
    await viewer.all_sent()
    texts = [message["text"] for message in (await ann.page(club))["messages"]]
    assert [text for text in texts if text != "second"] == ["seen", "first", "third"]
    assert texts.count("second") == 1
    assert await viewer.texts() == await other.texts() == texts


async def test_what_was_sent_stands_behind_a_gap_that_is_said_until_it_is_filled(
    sit: Sit, hall: House
) -> None:
    """A window that ends at once may have stored one's own message and not what was written before it."""
    club, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, club, "first")
    viewer = await sit()
    await viewer.enter(ann)
    await viewer.sees("first")
    await keeps(viewer, {club: ["first"]})
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.page.evaluate(_STORE_NO_MORE_OF_LOGS)
    await say(hall, ben, club, "in between")
    await viewer.sees("in between")
    await viewer.write("my own")
    await viewer.all_sent()
    await viewer.lose_the_line()
    await viewer.page.reload()
    await viewer.sees("my own")
    said = viewer.log.get_by_text("What was written in between comes with the connection.")
    await expect(said).to_be_visible()
    assert await viewer.texts() == ["first", "my own"]
    await viewer.find_the_line()
    await viewer.sees("in between")
    await expect(said).to_have_count(0)
    assert await viewer.texts() == ["first", "in between", "my own"]


_STORE_NO_MORE_OF_LOGS = """
() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    return this.name === "groups" ? this.get(0) : put.apply(this, given);
  };
  const remove = IDBObjectStore.prototype.delete;
  IDBObjectStore.prototype.delete = function (...given) {
    return this.name === "outbox" ? this.get("") : remove.apply(this, given);
  };
}
"""


async def test_coming_back_the_room_on_the_screen_is_whole_and_unread_elsewhere_is_told_at_once(
    sit: Sit, hall: House
) -> None:
    """More was said elsewhere than is replayed: counted before it is here, and here when one looks."""
    club, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(club, "Plans", landing=True)
    talk = await ann.dm(ben)
    await say(hall, ben, plans, "first")
    await say(hall, ben, talk, "first of all")
    viewer = await sit()
    await viewer.enter(ann)
    await keeps(viewer, {plans: ["first"], talk: ["first of all"]})
    await viewer.lose_the_line()
    await say(hall, ben, plans, *lines("plan", 1_050))
    for text in ("one", "two"):
        await say(hall, ben, talk, text)
    await say(hall, ben, club, "here")
    await viewer.find_the_line()
    await viewer.sees("here")
    await expect(viewer.in_side("Ben")).to_contain_text("3")
    await viewer.in_side("Ben").click()
    await viewer.sees("two")
    assert await viewer.texts() == ["first of all", "one", "two"]
    await keeps(viewer, {plans: lines("plan", 100, first=951)})
