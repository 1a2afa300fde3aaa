"""The members of a club: their roles, their labels."""

from collections.abc import Sequence
from uuid import UUID

from clubroom import wire
from clubroom.dba.pool import Database


async def change_role(db: Database, who: int, club: int, user: str, to: wire.NewRole) -> None:
    """Raises NotFound, Forbidden, TheirSignInNeeded, LastOwner."""
    await db.command(
        "change_role", who=who, club=club, target_sub=user, new_role=to.role, hand_over=to.hand_over
    )


async def define_label(
    db: Database, who: int, club: int, label: UUID, name: str, *, labels_max: int = wire.LABELS_A_CLUB_MAX
) -> None:
    """Made, or named anew. Raises NotFound, Forbidden, NameTaken, Full, IdConflict."""
    await db.command(
        "define_label", who=who, club=club, label_key=label, label_name=name, labels_max=labels_max
    )


async def remove_label(db: Database, who: int, club: int, label: UUID) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("remove_label", who=who, club=club, label_key=label)


async def label_member(db: Database, who: int, club: int, user: str, labels: Sequence[UUID]) -> None:
    """Exactly these. Raises NotFound, Forbidden, Full."""
    await db.command(
        "label_member",
        who=who,
        club=club,
        target_sub=user,
        label_keys=list(labels),
        labels_max=wire.LABELS_A_MEMBER_MAX,
    )


async def label_members(
    db: Database, who: int, club: int, label: UUID, *, add: Sequence[str], remove: Sequence[str]
) -> None:
    """All of them or none. Raises NotFound, Forbidden, Full."""
    await db.command(
        "label_members",
        who=who,
        club=club,
        label_key=label,
        to_add=list(add),
        to_remove=list(remove),
        labels_max=wire.LABELS_A_MEMBER_MAX,
    )
