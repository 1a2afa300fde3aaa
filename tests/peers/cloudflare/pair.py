"""Two people in a club, each before a browser."""

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer


async def pair(sit: Sit) -> tuple[Viewer, Viewer]:
    """Ann at a desk and Ben with a phone, in one club; both have come by the edge."""
    ann = await sit()
    code = await ann.create_club("Chess club", "Ann")
    await ann.page.get_by_text("Go to the clubroom").click()
    ben = await sit(PHONE)
    await ben.join_by_link(code, "Ben")
    return ann, ben
