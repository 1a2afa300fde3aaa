"""How often pages are fetched: each once a day, and only so many for one person and from one site."""

from datetime import timedelta

from clubroom.chat.previews.fetching import (
    AGAIN_S,
    FAILS_MAX,
    PAGES_A_HOST_A_MINUTE,
    PAGES_AN_AUTHOR_AN_HOUR,
)
from house.pages import Answer
from house.person import Person
from house.town import NEWS, Town, posted, preview_of

pytest_plugins = ["town_fixtures"]


async def test_a_page_is_fetched_once_a_day_and_each_message_has_a_picture_of_its_own(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    link = town.pictured()
    first = await posted(ann, club, link)
    await town.look()
    second = await posted(ben, club, link)
    await town.look()
    shown = [await preview_of(ann, name) for name in (first, second)]
    assert shown[0] is not None
    assert shown[1] is not None
    pictures = [each["image"]["id"] for each in shown if each]
    assert len(set(pictures)) == 2
    await ann.ok("DELETE", f"/api/messages/{first}")
    await town.clear()
    assert [town.lies(picture) for picture in pictures] == [False, True]
    assert (town.sites.times(f"{NEWS}/"), town.sites.times(f"{NEWS}/a.png")) == (1, 1)
    none = await posted(ann, club, link)
    await town.look()
    found = await preview_of(ann, none)
    assert found is not None
    assert (found["title"], "image" in found) == ("Concert", False)  # what it could be made of has gone
    town.ahead += timedelta(minutes=11)
    third = await posted(ann, club, link)
    await town.look()
    found = await preview_of(ann, third)
    assert found is not None
    assert found["image"]["id"] not in pictures
    assert town.sites.times(f"{NEWS}/") == 2
    await town.later(25 * 3_600)
    while await town.previewing().forget():
        pass
    await posted(ann, club, link)
    await town.look()
    assert town.sites.times(f"{NEWS}/") == 3


async def test_what_is_no_page_is_known_for_a_day_and_what_may_come_is_tried_again(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    for _ in range(2):
        await posted(ann, club, f"https://{NEWS}/missing")
        await town.look()
    assert town.sites.times(f"{NEWS}/missing") == 1
    town.sites.put(f"{NEWS}/busy", Answer(status=503))
    name = await posted(ann, club, f"https://{NEWS}/busy")
    await town.look()
    await town.look()
    assert town.sites.times(f"{NEWS}/busy") == 1
    await town.later(AGAIN_S + 1)
    assert town.sites.times(f"{NEWS}/busy") == 2
    town.pictured(f"{NEWS}/busy")
    await town.later(3 * AGAIN_S + 1)
    assert await preview_of(ann, name) is not None
    town.sites.put(f"{NEWS}/never", Answer(status=503))
    for _ in range(3):
        await posted(ann, club, f"https://{NEWS}/never")
    for _ in range(FAILS_MAX + 3):
        await town.later(600)
    assert town.sites.times(f"{NEWS}/never") == FAILS_MAX  # however many link to it
    assert await town.asks() == 1


async def test_of_one_person_so_many_pages_are_fetched_in_an_hour(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")

    async def told_of(person: Person, n: int) -> bool:
        host = f"s{n % 5}.town.example"
        name = await posted(person, club, town.sites.page(f"{host}/{n}", title=f"Page {n}"))
        await town.look()
        return await preview_of(person, name) is not None

    for n in range(PAGES_AN_AUTHOR_AN_HOUR):
        assert await told_of(ann, n)
    assert not await told_of(ann, 1_000)
    assert await told_of(ann, 1)  # is known
    assert await told_of(ben, 1_001)
    town.ahead += timedelta(hours=1, minutes=1)
    assert await told_of(ann, 1_002)


async def test_one_site_is_asked_so_often_in_a_minute_and_the_rest_waits(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    names = [
        await posted((ann, ben)[n % 2], club, town.sites.page(f"{NEWS}/{n}", title=f"Page {n}"))
        for n in range(PAGES_A_HOST_A_MINUTE + 2)
    ]
    await town.look()
    assert len(town.sites.asked) == PAGES_A_HOST_A_MINUTE
    other = await posted(ann, club, town.sites.page("other.town.example/"))
    await town.look()
    assert await preview_of(ann, other) is not None
    await town.later(61)
    assert len(town.sites.asked) == PAGES_A_HOST_A_MINUTE + 3
    assert [await preview_of(ann, name) is not None for name in names] == [True] * len(names)
