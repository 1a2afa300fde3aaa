"""Work that no request waits for, by its names in the log (see notification/worker)."""

import time
from collections.abc import Mapping
from functools import partial

from clubroom.app.settings import Settings
from clubroom.auth.account.letters import LinksInLetters
from clubroom.auth.room import Auth
from clubroom.chat.files.work import FileWork
from clubroom.chat.previews.fetching import Previewing
from clubroom.chat.search import Filling
from clubroom.dba import attempts, club_life, drafts, events, forwards, missed, reminders, safety, statistics
from clubroom.dba.leaving import go_on_leaving
from clubroom.dba.pushing import forget as forget_tellings
from clubroom.notification.courier import Courier
from clubroom.notification.decision import Decision
from clubroom.notification.pushes import Pushing
from clubroom.notification.worker import Job
from clubroom.ports.mail import Mailer
from clubroom.ports.mail.outbox_folder import MailFolder
from clubroom.ports.mail.smtp import SmtpMailer

MAIL_FOLDER = "mail"  # in the data folder
SOON_S = 2.0
ERASING_EVERY_S = 10.0
TRIMMING_EVERY_S = 60.0
FORGETTING_EVERY_S = 60.0
FORGOTTEN_AT_ONCE = 500
MISSED_EVERY_S = 5.0
LAPSING_EVERY_S = 2.0
REMINDING_EVERY_S = 10.0
COUNTING_EVERY_S = 30.0


def jobs(
    settings: Settings,
    auth: Auth,
    decision: Decision,
    pushing: Pushing,
    file_work: FileWork,
    previewing: Previewing,
) -> Mapping[str, Job]:
    """Those of one server."""
    db = auth.db
    links = LinksInLetters(db, auth.keys)
    return {
        "outbox": Courier(db, mailer(settings), links, auth.settings.public_url),
        "decisions": decision,
        "pushes": pushing,
        "forget tellings": seldom(partial(forget_tellings, db, FORGOTTEN_AT_ONCE), FORGETTING_EVERY_S),
        "forget attempts": seldom(partial(attempts.forget, db, FORGOTTEN_AT_ONCE), FORGETTING_EVERY_S),
        "forget forwards": seldom(partial(forwards.forget, db, FORGOTTEN_AT_ONCE), FORGETTING_EVERY_S),
        "forget drafts of events": seldom(lambda: drafts.forget(db), FORGETTING_EVERY_S),
        "letters about what was missed": seldom(lambda: missed.write_letters(db), MISSED_EVERY_S),
        "offers that lapse": seldom(lambda: events.lapse(db), LAPSING_EVERY_S),
        "reminders": seldom(lambda: reminders.remind(db), REMINDING_EVERY_S),
        "leavings": seldom(lambda: go_on_leaving(db), SOON_S),
        "search": Filling(db),
        "erasures": seldom(lambda: safety.erase_some(db), SOON_S),
        "erase deleted clubs": seldom(lambda: club_life.erase_deleted(db), ERASING_EVERY_S),
        "count statistics": seldom(lambda: statistics.refresh(db), COUNTING_EVERY_S),
        "link previews": previewing,
        "forget pages": seldom(previewing.forget, FORGETTING_EVERY_S),
        **{f"look at files, {lane}": job for lane, job in enumerate(file_work.lanes, 1)},
        "clear files": file_work.clearing,
        "sweep the store": file_work.sweeping,
        "trim old messages": seldom(lambda: club_life.trim_old(db), TRIMMING_EVERY_S),
    }


def mailer(settings: Settings) -> Mailer:
    """Where letters go: to the mail server that the host named, else into a folder."""
    if settings.mail is not None:
        return SmtpMailer(settings.mail)
    return MailFolder(settings.data / MAIL_FOLDER)


def seldom(job: Job, every_s: float) -> Job:
    """Asked only so often while there is nothing to do."""
    due = 0.0

    async def look() -> bool:
        nonlocal due
        if time.monotonic() < due:
            return False
        more = await job()
        if not more:
            due = time.monotonic() + every_s
        return more

    return look
