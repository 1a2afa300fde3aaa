"""UX 39 in part: thousands of messages, and only a window of them in the page."""

from playwright.async_api import expect

from browser.conftest import Sit
from browser.talk import everybody_says, lines
from house.server import House

MEMBERS, MESSAGES, READ_BACK = 60, 5_000, 1_000
ROWS_MAX = 300


async def test_a_room_of_five_thousand_messages_is_read_back_through_a_thousand(
    sit: Sit, hall: House
) -> None:
    group, people = await hall.club(*(f"Member {number}" for number in range(1, MEMBERS + 1)))
    said = [(people[number % MEMBERS], text) for number, text in enumerate(lines("word", MESSAGES))]
    await everybody_says(hall, group, said)
    head = (await people[0].snapshot(group))["seq"]
    await people[0].ok("PUT", f"/api/groups/{group}/read", {"seq": head})
    viewer = await sit()
    await viewer.enter(people[0])
    await expect(viewer.message(f"word {MESSAGES}")).to_be_in_viewport()
    most = await viewer.log.evaluate(_READ_BACK, MESSAGES - READ_BACK)
    assert most <= ROWS_MAX
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await expect(viewer.message(f"word {MESSAGES}")).to_be_in_viewport()


# Goes up until the oldest row in the page is the wanted one; the most rows that were in the page meanwhile.
_READ_BACK = """
async (log, wanted) => {
  const scroller = log.closest(".scroller");
  const oldest = () => Number(log.querySelector("[data-body]").innerText.trim().replace("word ", ""));
  let most = 0;
  for (let frames = 0; frames < 2000 && oldest() > wanted; frames++) {
    scroller.scrollBy({ top: -600, behavior: "instant" });
    await new Promise((done) => requestAnimationFrame(() => done()));
    most = Math.max(most, log.children.length);
  }
  return oldest() <= wanted ? most : Infinity;
}
"""
