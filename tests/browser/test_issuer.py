"""Signing in by an issuer: a real one (npm oidc-provider, certified), through its own pages and back."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from playwright.async_api import Browser, Route, expect

from auth.invited import invited, secret_of
from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom.app.settings import DIST, Settings
from clubroom.dba.pool import Database
from clubroom.ports.identity.oidc import KEYS_AGAIN_S, OidcIssuer
from clubroom.ports.identity.oidc_client import client_of
from house.mailbox import Folder, secret_in
from house.oidc_peer import CLIENT, SECRET, Peer, certified_issuer
from house.server import House, running
from house.uuid7 import uuid7

CONTINUE = "Continue with Example"
ELSEWHERE = re.compile(r"^https?://(?!(localhost|127\.0\.0\.1)[:/])")


@pytest.fixture(scope="module")
async def peer() -> AsyncIterator[Peer]:
    async with certified_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
async def place(database: Database, settings: Settings, peer: Peer) -> AsyncIterator[House]:
    client = client_of(peer.url, CLIENT, SECRET, "Example")
    ours = msgspec.structs.replace(settings, web=DIST, issuer=client)
    async with running(database, ours, in_folder=True) as house:
        await peer.serves(house.url)
        yield house


@pytest.fixture
async def hall(place: House) -> AsyncIterator[House]:
    yield place
    await place.everyone_leaves()
    place.fresh = type(place.fresh)()


class Guests:
    """Each has a browser of their own, which loads nothing from afar."""

    def __init__(self, browser: Browser, house: House) -> None:
        self.browser = browser
        self.house = house
        self.viewers: list[Viewer] = []

    async def one(self, size: dict[str, int] = DESKTOP) -> Viewer:
        viewer = await Viewer.sit_down(self.browser, self.house.url, size)
        self.viewers.append(viewer)
        await viewer.context.route(ELSEWHERE, refused)  # the issuer's pages ask for a font
        return viewer


async def refused(route: Route) -> None:
    await route.abort()


@pytest.fixture
async def guests(browser: Browser, place: House) -> AsyncIterator[Guests]:
    made = Guests(browser, place)
    yield made
    for viewer in made.viewers:
        await viewer.context.close()
        await viewer.cable.close()


@pytest.fixture
def mail(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


def new_sub() -> str:
    return f"auth0|{uuid7().hex}"


async def at_issuer(viewer: Viewer, peer: Peer, sub: str, *, agrees: bool = True) -> None:
    """Through the issuer's own pages: whoever is known there in this browser is not asked again."""
    await viewer.page.wait_for_url(f"{peer.url}/**")
    await viewer.page.locator("input[name=login]").fill(sub)
    await viewer.page.locator("input[name=password]").fill("any")
    await viewer.page.get_by_role("button", name="Sign-in").click()
    if agrees:
        await viewer.page.get_by_role("button", name="Continue", exact=True).click()
    else:
        await viewer.page.get_by_role("link", name=re.compile("Cancel")).click()


async def come_in(viewer: Viewer, peer: Peer, sub: str, name: str | None = None) -> None:
    """From the doors to where somebody is in; `name` = they are new, and say how they are called."""
    await viewer.go("/app")
    await viewer.button(CONTINUE).click()
    await at_issuer(viewer, peer, sub)
    await viewer.page.wait_for_url(f"{viewer.url}/**")
    if name is not None:
        await expect(viewer.page.get_by_role("heading", name="You are in.")).to_be_visible()
        await viewer.field("Your name").fill(name)
        await viewer.button("Go on").click()


async def me(viewer: Viewer) -> str:
    """Who is signed in here."""
    user = await viewer.page.evaluate("localStorage.getItem('clubroom.user')")
    return str(user)


async def test_by_an_invitation_and_the_issuer_one_is_in_the_club_and_comes_back_as_the_same(
    guests: Guests, hall: House, peer: Peer
) -> None:
    group, [ann] = await hall.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    await ann.post(group, "hello")
    sub = new_sub()
    await peer.person(sub, name="Ada", email=f"{uuid7()}@example.org", email_verified=True)
    phone = await guests.one(PHONE)
    await phone.go(f"/join/{code}")
    await phone.page.get_by_role("dialog").get_by_role("button", name=CONTINUE).click()
    await at_issuer(phone, peer, sub)
    await expect(phone.field("Your name")).to_have_value("Ada")
    assert "code=" not in phone.page.url
    await phone.field("Your name").fill("Ada L")
    await phone.button("Go on").click()
    await expect(phone.page).to_have_url(f"{hall.url}/join/{code.replace('-', '')}")  # back to the door
    await phone.button(re.compile("^Join")).click()
    await phone.sees("hello")
    assert await me(phone) == sub
    await phone.page.reload()
    await phone.write("I am Ada")
    desk = await guests.one()
    await come_in(desk, peer, sub)
    await desk.sees("I am Ada")
    assert await me(desk) == sub
    assert "Ada L" in [one["name"] for one in (await ann.snapshot(group))["members"]]
    assert phone.troubles == desk.troubles == []


async def test_an_address_leads_to_the_account_that_is_there_only_if_both_sides_confirmed_it(
    guests: Guests, hall: House, peer: Peer, mail: Folder
) -> None:
    group, [ann] = await hall.club("Ann")
    await ann.post(group, "of Ann")
    email = (await ann.me())["email"]
    theirs, hers, same = new_sub(), new_sub(), new_sub()
    for sub, verified in ((theirs, False), (hers, True), (same, True)):
        await peer.person(sub, name="Ann", email=email, email_verified=verified)
    early = await guests.one()
    await come_in(early, peer, hers, "Ann")  # her letter lies unopened: it could be anybody's account
    await expect(early.page.get_by_role("link", name="Create a club")).to_be_visible()
    assert await me(early) == hers
    link = secret_in(await mail.next_to(email))
    assert (await ann.http.post("/api/email-verifications", json={"link": link})).status_code == 200
    mallory = await guests.one()
    await come_in(mallory, peer, theirs, "Mallory")
    await expect(mallory.page.get_by_role("link", name="Create a club")).to_be_visible()
    assert await me(mallory) == theirs
    desk = await guests.one()
    await come_in(desk, peer, same)
    await desk.sees("of Ann")
    assert await me(desk) == ann.user  # whoever was here first keeps their id


async def test_whoever_does_not_agree_is_told_so_and_may_begin_again(
    guests: Guests, hall: House, peer: Peer
) -> None:
    group, [ann] = await hall.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    sub = new_sub()
    await peer.person(sub, name="Ada")
    phone = await guests.one(PHONE)
    await phone.go(f"/join/{code}")
    await phone.page.get_by_role("dialog").get_by_role("button", name=CONTINUE).click()
    await at_issuer(phone, peer, sub, agrees=False)
    await expect(phone.page.get_by_role("alert")).to_contain_text(
        "You did not let Example tell us who you are"
    )
    assert phone.page.url == f"{hall.url}/signed-in"
    await phone.button("Try again").click()
    await phone.page.get_by_role("button", name="Continue", exact=True).click()  # signed in there already
    await expect(phone.field("Your name")).to_have_value("Ada")
    await phone.button("Go on").click()
    await expect(phone.page).to_have_url(f"{hall.url}/join/{code.replace('-', '')}")  # the door is not lost
    await expect(phone.button(re.compile("^Join"))).to_be_visible()
    await phone.go("/signed-in?code=made-up&state=in.made-up")
    await expect(phone.page.get_by_role("alert")).to_contain_text("was not begun in this browser")
    stranger = await guests.one()
    await stranger.go("/signed-in?code=made-up&state=in.made-up")
    await expect(stranger.page.get_by_role("alert")).to_contain_text("was not begun in this browser")
    await stranger.link("Other ways to sign in").click()
    await expect(stranger.page.get_by_label("Password")).to_be_visible()


async def test_an_invitation_outlasts_an_issuer_that_lets_nobody_in(
    guests: Guests, hall: House, peer: Peer
) -> None:
    group, [ann] = await hall.club("Ann")
    secret = await secret_of(ann, group, await invited(ann, group, "Ada"))
    sub = new_sub()
    await peer.person(sub, name="Ada")
    phone = await guests.one(PHONE)
    await phone.go(f"/welcome#{secret}")
    await phone.page.get_by_role("dialog").get_by_role("button", name=CONTINUE).click()
    await at_issuer(phone, peer, sub, agrees=False)
    await phone.link("Other ways to sign in").click()
    await expect(phone.page).to_have_url(f"{hall.url}/welcome")
    await expect(phone.field("Your name")).to_have_value("Ada")
    await phone.page.get_by_role("dialog").get_by_role("button", name=CONTINUE).click()
    await phone.page.get_by_role("button", name="Continue", exact=True).click()
    await phone.button("Go on").click()
    await expect(phone.page).to_have_url(f"{hall.url}/welcome")
    await phone.button("Come in").click()
    await phone.page.wait_for_url(f"{hall.url}/c/**")
    assert await me(phone) == sub


async def test_in_the_settings_it_is_connected_and_disconnected_but_never_as_the_last_way_in(
    guests: Guests, hall: House, peer: Peer
) -> None:
    group, [ann] = await hall.club("Ann")
    await ann.post(group, "of Ann")
    sub = new_sub()
    await peer.person(sub, name="Ann at work")
    desk = await guests.one()
    await desk.enter(ann, "/settings/sign-in")
    await desk.button("Connect Example").click()
    await at_issuer(desk, peer, sub)
    await expect(desk.page).to_have_url(f"{hall.url}/settings/sign-in")
    connected = desk.page.get_by_role("list", name="Example").get_by_role("listitem")
    await expect(connected).to_have_count(1)
    phone = await guests.one(PHONE)
    await come_in(phone, peer, sub)
    await phone.sees("of Ann")
    await desk.button("Disconnect Example").click()
    await (
        desk.page.get_by_role("dialog", name="Disconnect Example?")
        .get_by_role("button", name="Disconnect Example")
        .click()
    )
    await expect(connected).to_have_count(0)
    stranger = await guests.one(PHONE)
    await come_in(stranger, peer, sub, "Ann at work")
    await stranger.go("/settings/sign-in")
    await stranger.button("Disconnect Example").click()
    question = stranger.page.get_by_role("dialog", name="Disconnect Example?")
    await question.get_by_role("button", name="Disconnect Example").click()
    await expect(question.get_by_role("alert")).to_contain_text("It is your only way in.")
    await desk.page.reload()
    await desk.button("Connect Example").click()
    await desk.page.wait_for_url(f"{hall.url}/signed-in")  # known there; it is the stranger's by now
    await expect(desk.page.get_by_role("alert")).to_contain_text("already leads to somebody else")


async def test_signed_out_here_one_is_signed_out_there_and_signed_out_there_here(
    guests: Guests, hall: House, peer: Peer
) -> None:
    sub = new_sub()
    await peer.person(sub, name="Ada")
    desk = await guests.one()
    await come_in(desk, peer, sub, "Ada")
    await desk.go("/settings")
    await desk.button("Sign out").click()
    await desk.page.get_by_role("dialog", name="Sign out?").get_by_role("button", name="Sign out").click()
    await desk.page.wait_for_url(f"{peer.url}/**")
    await desk.page.get_by_role("button", name=re.compile("Yes")).click()
    await expect(desk.page).to_have_url(f"{hall.url}/")
    await come_in(desk, peer, sub)  # who one is has to be said anew there
    await expect(desk.page.get_by_text("Signed in as Ada.")).to_be_visible()
    await desk.page.evaluate("fetch('/api/host')")
    there = await desk.context.new_page()
    await there.goto(f"{peer.url}/session/end")
    await there.get_by_role("button", name=re.compile("Yes")).click()
    await expect(desk.page.get_by_text("This device was signed out.")).to_be_visible()


def later(clock: Callable[[], float]) -> Callable[[], float]:
    return lambda: clock() + KEYS_AGAIN_S + 1


async def test_new_keys_of_the_issuer_keep_nobody_out(
    guests: Guests, hall: House, peer: Peer, place: House
) -> None:
    sub = new_sub()
    await peer.person(sub, name="Ada")
    desk = await guests.one()
    await come_in(desk, peer, sub, "Ada")
    await expect(desk.page.get_by_text("Signed in as Ada.")).to_be_visible()
    issuer = place.process.auth.issuer
    assert isinstance(issuer, OidcIssuer)
    for algorithm in ("ES256", "RS256"):
        await peer.told(keys=algorithm)
        issuer.steady = later(issuer.steady)  # unknown keys are asked for twice a minute at most
        phone = await guests.one(PHONE)
        await come_in(phone, peer, sub)
        await expect(phone.page.get_by_text("Signed in as Ada.")).to_be_visible()
        assert await me(phone) == sub


async def test_two_browsers_at_once_are_two_people_or_one(guests: Guests, hall: House, peer: Peer) -> None:
    ada, ben = new_sub(), new_sub()
    await peer.person(ada, name="Ada")
    await peer.person(ben, name="Ben")
    desk, phone, third = await guests.one(), await guests.one(PHONE), await guests.one()

    async def come(viewer: Viewer, sub: str) -> None:
        await viewer.go("/app")
        await viewer.button(CONTINUE).click()
        await at_issuer(viewer, peer, sub)
        await viewer.page.wait_for_url(f"{viewer.url}/**")
        await expect(viewer.page.get_by_text(re.compile("Signed in as|You are in")).first).to_be_visible()

    await asyncio.gather(come(desk, ada), come(phone, ben), come(third, ada))
    assert [await me(viewer) for viewer in (desk, phone, third)] == [ada, ben, ada]


async def test_where_only_the_issuer_lets_people_in_every_door_leads_there(
    guests: Guests, browser: Browser, database: Database, settings: Settings, peer: Peer, hall: House
) -> None:
    client = client_of(peer.url, CLIENT, SECRET, "Example")
    ours = msgspec.structs.replace(settings, web=DIST, issuer=client, issuer_only=True)
    group, [ann] = await hall.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    async with running(database, ours, in_folder=True) as house:
        phone = await Guests(browser, house).one(PHONE)
        for path in ("/sign-in", f"/join/{code}", "/create"):
            await phone.go(path)
            dialog = phone.page.get_by_role("dialog")
            await expect(dialog.get_by_role("button", name=CONTINUE)).to_be_visible()
            await expect(dialog.get_by_text("Here one signs in with Example.")).to_be_visible()
            await expect(dialog.get_by_role("textbox")).to_have_count(0)
        await phone.context.close()
        await phone.cable.close()
