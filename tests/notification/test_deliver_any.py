"""However what was committed reaches a server (lost, doubled, shuffled), its people hear the log (F7)."""

import asyncio
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from clubroom.actions import Logged
from notification.listeners import Ear, Log, come_in, hub_over

HOST, MEMBER, GUESTS = 1, 2, (3, 4)  # the host stays, so that the rooms do
GROUPS = (1, 2)
Event = tuple[int, str, int]

events = st.lists(
    st.tuples(
        st.sampled_from(GROUPS),
        st.sampled_from(["post", "post", "post", "post", "join", "join", "cut", "cut", "close"]),
        st.sampled_from([MEMBER, *GUESTS]),
    ),
    min_size=1,
    max_size=40,
)


@given(st.data(), events)
@settings(max_examples=300, deadline=None)
def test_everybody_hears_all_that_the_log_opens_to_them_once_and_in_order(
    data: st.DataObject, happened: list[Event]
) -> None:
    log = Log()
    asyncio.run(_told(data, log, happened))


async def _told(data: st.DataObject, log: Log, happened: list[Event]) -> None:
    hub = hub_over(log)
    ears = {person: come_in(hub, log, person, *GROUPS) for person in (HOST, MEMBER)}
    for person in GUESTS:
        ears[person] = Ear(person)
        hub.enter(ears[person])
    for batch in arriving(data, written(log, happened)):
        hub.publish(batch)
        if data.draw(st.booleans()):
            await asyncio.sleep(0)
    while hub._fills:
        await asyncio.gather(*hub._fills)
    for group in GROUPS:
        await hub.fill(group)  # what was lost at the very end, somebody has to look for
    for person, ear in ears.items():
        for group in GROUPS:
            entries = log.groups.get(group, [])
            assert ear.seqs(group) == opened_to(entries, person, member=person in (HOST, MEMBER))


def written(log: Log, happened: list[Event]) -> list[Logged]:
    members = {group: {HOST, MEMBER} for group in GROUPS}
    closed: set[int] = set()
    entries = []
    for group, what, person in happened:
        if group in closed:
            continue
        if what == "close":
            closed.add(group)
            entries.append(log.append(group, closes=True))
        elif what == "join" and person not in members[group]:
            members[group].add(person)
            entries.append(log.append(group, joined=person))
        elif what == "cut" and person in members[group]:
            members[group].discard(person)
            entries.append(log.append(group, cut=person))
        else:
            entries.append(log.append(group))
    return entries


def arriving(data: st.DataObject, entries: list[Logged]) -> list[list[Logged]]:
    """In batches as commits are, some lost, some doubled, in any order."""
    cuts = sorted(data.draw(st.sets(st.integers(1, len(entries)), max_size=8)) | {0, len(entries)})
    copies = st.sampled_from([0, 1, 1, 1, 2])
    batches = [entries[a:b] for a, b in pairwise(cuts) for _ in range(data.draw(copies))]
    return data.draw(st.permutations(batches))


def opened_to(log: list[Logged], person: int, *, member: bool) -> list[int]:
    """The seqs that somebody who was here from the start may hear, told by the log alone."""
    heard = []
    for entry in log:
        member = member or entry.joined == person
        if member:
            heard.append(entry.seq)
        member = member and entry.cut != person and not entry.closes
    return heard
