"""How many are invited, how many letters go out, how long a link is good, how often one may be wrong."""

from uuid import uuid4

import msgspec
import pytest

from auth.invited import address
from auth.rig import Rig
from clubroom import wire
from clubroom.auth.bring import invitations
from clubroom.auth.limits import Limits
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import club_life
from clubroom.dba import invitations as dba_invitations
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.errors import Full, InvalidCode, InvalidField, NotFound, RateLimited
from house.databases import connected

ELSEWHERE = "203.0.113.77"
NEXT_DOOR = "203.0.113.78"


def limited(auth: Auth, **numbers: int) -> Auth:
    """The same room with other limits."""
    settings = msgspec.structs.replace(auth.settings, limits=Limits(**numbers))
    return msgspec.structs.replace(auth, settings=settings)


async def invite(auth: Auth, who: Claims, club: int, n: int = 1, **said: object) -> wire.InvitationsMade:
    people = [wire.Invited(name=f"Guest {i}", email=address(f"guest{i}")) for i in range(n)]
    new = wire.NewInvitations(key=uuid4(), people=people, **said)  # type: ignore[arg-type]
    return (await invitations.invite(who, club, new, auth))[0]


async def secret(rig: Rig, who: Claims, club: int) -> str:
    """Of a fresh invitation's link."""
    made = await invite(rig.auth, who, club, send=False)
    invitation = made.rows[0].invitation
    assert invitation is not None
    return (await invitations.link(who, club, invitation, rig.auth)).url.partition("#")[2]


async def accept(
    auth: Auth, typed: str, peer: str, who: Claims | None = None, **said: object
) -> invitations.Accepted:
    asked = msgspec.convert({"secret": typed} | said, wire.AcceptInvitation)
    return await invitations.accept(who, asked, peer, auth)


async def test_a_link_is_good_for_sixty_days(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    early, late = await secret(rig, ann, club), await secret(rig, ann, club)
    rig.clock.move(days=59.9)
    await accept(rig.auth, early, rig.peer)
    rig.clock.move(days=0.2)
    with pytest.raises(InvalidCode):
        await accept(rig.auth, late, rig.peer)
    with pytest.raises(InvalidCode):
        await invitations.preview(late, rig.peer, rig.auth)


async def test_coming_again_with_the_same_key_ends_after_ten_minutes(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    typed = await secret(rig, ann, (await rig.club(ann)).group)
    key = str(uuid4())
    first = await accept(rig.auth, typed, rig.peer, key=key)
    rig.clock.move(minutes=9)
    assert (await accept(rig.auth, typed, rig.peer, key=key)).came.user == first.came.user
    rig.clock.move(minutes=2)
    with pytest.raises(InvalidCode):
        await accept(rig.auth, typed, rig.peer, key=key)


async def test_of_one_invitation_the_ten_newest_links_are_good(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    invitation = (await invite(rig.auth, ann, club, send=False)).rows[0].invitation
    assert invitation is not None
    links = []
    for _ in range(11):
        rig.clock.move(seconds=1)
        links.append((await invitations.link(ann, club, invitation, rig.auth)).url.partition("#")[2])
    with pytest.raises(InvalidCode):
        await invitations.preview(links[0], rig.peer, rig.auth)
    assert (await invitations.preview(links[1], rig.peer, rig.auth)).club == "Chess club"


async def test_one_to_two_hundred_people_are_invited_at_once(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    for n in (0, 201):
        with pytest.raises(InvalidField):
            await invite(rig.auth, ann, club, n)
    made = await invite(rig.auth, ann, club, 200, as_members=True, send=False)
    assert {row.result for row in made.rows} == {"new"}
    assert (
        len((await invitations.page(ann, club, rig.auth, after=0, waiting=True, limit=500)).invitations)
        == 200
    )


async def test_nobody_is_given_twenty_one_labels_or_one_of_another_club(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    with pytest.raises(InvalidField):
        await invite(rig.auth, ann, club, labels=[uuid4() for _ in range(21)])
    with pytest.raises(NotFound):
        await invite(rig.auth, ann, club, labels=[uuid4()])


async def test_a_club_has_so_many_open_invitations_and_so_many_members(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group

    async def call(n: int, *, as_members: bool = False) -> None:
        people = [
            dba_invitations.NewInvitation(
                row=i, name=f"Guest {i}", email=address(), labels=[], sub=uuid4().hex
            )
            for i in range(n)
        ]
        await dba_invitations.invite(
            rig.auth.db, ann.key, club, people, key=uuid4(), asked_mac=b"x", as_members=as_members,
            language=None, limits=[], open_max=3, members_max=2,
        )  # fmt: skip

    with pytest.raises(Full):
        await call(2, as_members=True)
    await call(1, as_members=True)
    await call(2)
    with pytest.raises(Full):
        await call(1)
    page = await invitations.page(ann, club, rig.auth, after=0, waiting=True, limit=2)
    assert (len(page.invitations), page.more, page.waiting) == (2, True, 3)
    rest = await invitations.page(
        ann, club, rig.auth, after=page.invitations[-1].invitation, waiting=True, limit=2
    )
    assert (len(rest.invitations), rest.more) == (1, False)


async def test_beyond_the_letters_of_a_day_the_rest_waits_for_the_next(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    auth = limited(rig.auth, invitations_mailed_a_club_a_day=3)
    assert (await invite(auth, ann, club, 5)).sent == 3
    assert (await invite(auth, ann, club, 2)).sent == 0
    with pytest.raises(RateLimited):
        await invitations.send_again(ann, club, None, auth)
    rig.clock.move(days=1.01)
    sent = await invitations.send_again(ann, club, None, auth)
    assert (sent.sent, sent.held) == (3, 4)
    other = (await rig.club(ann, "Go club")).group
    assert (await invite(auth, ann, other, 1)).sent == 1


async def test_with_more_clubs_one_person_sends_no_more_letters(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.owner("Ben")
    auth = limited(rig.auth, invitations_mailed_a_person_a_day=3)
    sent = [(await invite(auth, ann, (await rig.club(ann, f"Club {i}")).group, 2)).sent for i in range(3)]
    assert sent == [2, 1, 0]
    assert (await invite(auth, ben, (await rig.club(ben)).group, 2)).sent == 2


async def test_whoever_was_invited_into_a_club_that_has_ended_gets_no_letter(
    rig: Rig, postgres: EmbeddedPostgres
) -> None:
    ann = await rig.owner("Ann")
    made = await rig.club(ann)
    rig.clock.move(days=1)  # due later than any worker looks
    assert (await invite(rig.auth, ann, made.group, 2)).sent == 2
    async with connected(postgres.owner_dsn) as owner:
        await owner.execute("set role clubroom_writer; set search_path = clubroom")
        waiting = (
            "select count(*) from outbox where id in (select letter from invitations where group_id = $1)"
            " and done_at is null"
        )
        kept = "select count(*) from invitations where group_id = $1 and email is not null"
        assert [await owner.fetchval(asked, made.group) for asked in (waiting, kept)] == [2, 2]
        await club_life.delete_club(rig.auth.db, ann.key, made.group, "Chess club")
        assert [await owner.fetchval(asked, made.group) for asked in (waiting, kept)] == [0, 0]


async def test_the_letters_of_a_day_of_the_whole_place_are_limited_too(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    rig.clock.move(days=100)  # what other tests have sent is long ago
    auth = limited(rig.auth, invitations_mailed_a_day=3)
    sent = [(await invite(auth, ann, (await rig.club(ann, f"Club {i}")).group, 2)).sent for i in range(2)]
    assert sent == [2, 1]


async def test_a_letter_goes_to_each_once_a_day(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    made = await invite(rig.auth, ann, club, 2)
    ids = [row.invitation for row in made.rows if row.invitation is not None]
    assert (await invitations.send_again(ann, club, ids, rig.auth)).sent == 0
    rig.clock.move(days=1.01)
    assert (await invitations.send_again(ann, club, ids[:1], rig.auth)).sent == 1
    assert (await invitations.send_again(ann, club, None, rig.auth)).sent == 1
    assert (await invitations.send_again(ann, club, None, rig.auth)).sent == 0
    for wrong in ([], list(range(1, 202))):
        with pytest.raises(InvalidField):
            await invitations.send_again(ann, club, wrong, rig.auth)


async def test_a_person_is_wrong_five_times_an_hour_and_an_address_twenty_times(rig: Rig) -> None:
    """Abuse 12, for links."""
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = (await rig.club(ann)).group
    for _ in range(5):
        with pytest.raises(InvalidCode):
            await accept(rig.auth, "wrong", ELSEWHERE, ben)
    right = await secret(rig, ann, club)
    with pytest.raises(RateLimited):
        await accept(rig.auth, right, ELSEWHERE, ben)
    for _ in range(15):
        with pytest.raises(InvalidCode):
            await accept(rig.auth, "wrong", ELSEWHERE)
    with pytest.raises(RateLimited):
        await accept(rig.auth, "wrong", ELSEWHERE)
    with pytest.raises(RateLimited):
        await invitations.preview("wrong", ELSEWHERE, rig.auth)
    assert (await invitations.preview(right, ELSEWHERE, rig.auth)).name == "Guest 0"
    await accept(rig.auth, right, ELSEWHERE)  # a right one opens all the same


async def test_new_accounts_by_links_count_as_new_accounts(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann)).group
    auth = limited(rig.auth, accounts_an_address_an_hour=1)
    links = [await secret(rig, ann, club) for _ in range(2)]
    await accept(auth, links[0], NEXT_DOOR)
    with pytest.raises(RateLimited):
        await accept(auth, links[1], NEXT_DOOR)
    await accept(rig.auth, links[1], NEXT_DOOR)


async def test_into_a_full_club_nobody_comes_and_the_link_stays_good(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    typed = await secret(rig, ann, (await rig.club(ann)).group)

    async def come(members_max: int) -> None:
        await dba_invitations.accept(
            rig.auth.db, rig.auth.keys.link_macs(typed), who=None, sub=uuid4().hex, name=None,
            session=uuid4(), device=None, key=None, limits=[], address_limits=[], account_limits=[],
            members_max=members_max,
        )  # fmt: skip

    with pytest.raises(Full):
        await come(1)
    await come(2)


async def test_whoever_invites_and_takes_it_back_makes_no_rows_without_end(rig: Rig) -> None:
    ann = await rig.owner()
    club = (await rig.club(ann)).group

    async def one() -> None:
        guest = dba_invitations.NewInvitation(
            row=0, name="Guest", email=address(), labels=[], sub=uuid4().hex
        )
        made = await dba_invitations.invite(
            rig.auth.db, ann.key, club, [guest], key=uuid4(), asked_mac=b"x", as_members=False,
            language=None, limits=[], open_max=1, moment=rig.clock.moment(),
        )  # fmt: skip
        assert made.rows[0].invitation is not None
        await dba_invitations.withdraw(rig.auth.db, ann.key, club, made.rows[0].invitation)

    for _ in range(2):
        await one()
    with pytest.raises(Full):
        await one()
    rig.clock.move(days=1)
    await one()
