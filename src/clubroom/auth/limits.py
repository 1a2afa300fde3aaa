"""How often somebody may be wrong, or make something, before they have to wait."""

import ipaddress

import msgspec

from clubroom.dba.attempts import Limit

HOUR = 3_600
QUARTER = 900
DAY = 86_400


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers are generous to a hall full of people behind one address, and mean to guessing."""

    accounts_an_address_an_hour: int = 300
    repeats_an_address_an_hour: int = 100
    taken_emails_an_address_an_hour: int = 20
    wrong_passwords_a_person_and_address_a_quarter: int = 10
    wrong_passwords_an_address_a_quarter: int = 100
    connections_a_person_an_hour: int = 30
    wrong_sign_outs_an_address_a_quarter: int = 100
    wrong_words_an_address_an_hour: int = 20
    wrong_codes_a_person_an_hour: int = 5
    wrong_codes_an_address_an_hour: int = 20
    wrong_links_an_address_an_hour: int = 20
    codes_a_person_an_hour: int = 200
    requests_a_person_an_hour: int = 40

    letters_an_address_an_hour: int = 20
    letters_a_mailbox_and_address_an_hour: int = 5
    new_addresses_a_person_a_day: int = 5
    new_names_a_person_a_day: int = 20
    exports_a_person_an_hour: int = 3
    mailed_answers_a_person_an_hour: int = 30

    wrong_invitations_a_person_an_hour: int = 5
    wrong_invitations_an_address_an_hour: int = 20
    invitations_mailed_a_club_a_day: int = 500
    invitations_mailed_a_person_a_day: int = 500
    invitations_mailed_a_day: int = 2_000

    def accounts(self, peer: str) -> list[Limit]:
        """Accounts made from this address."""
        return [Limit("account", network(peer), self.accounts_an_address_an_hour, HOUR)]

    def repeats(self, peer: str) -> list[Limit]:
        """Accounts asked for again with the key of an earlier call."""
        return [Limit("account_again", network(peer), self.repeats_an_address_an_hour, HOUR)]

    def taken_emails(self, peer: str) -> list[Limit]:
        """Sign-ups with an address that somebody has: each tells that it is known."""
        return [Limit("email_taken", network(peer), self.taken_emails_an_address_an_hour, HOUR)]

    def wrong_passwords(self, email: str, peer: str) -> list[Limit]:
        """For one account from one address, so that nobody can lock somebody else out from afar."""
        most = self.wrong_passwords_a_person_and_address_a_quarter
        return [Limit("sign_in", f"{email} {network(peer)}", most, QUARTER)]

    def wrong_passwords_from(self, peer: str) -> list[Limit]:
        """For any account from one address; used-up links too."""
        return [Limit("sign_in_from", network(peer), self.wrong_passwords_an_address_a_quarter, QUARTER)]

    def connections(self, who: int) -> list[Limit]:
        """Times that one person comes back from the issuer to connect an identity: each asks it once."""
        return [Limit("connection", str(who), self.connections_a_person_an_hour, HOUR)]

    def wrong_sign_outs(self, peer: str) -> list[Limit]:
        """What says that it is of the issuer, and is not, from one address."""
        return [Limit("sign_out_from", network(peer), self.wrong_sign_outs_an_address_a_quarter, QUARTER)]

    def wrong_words(self, peer: str) -> list[Limit]:
        """Words of the host that are not the word, from one address."""
        return [Limit("word", network(peer), self.wrong_words_an_address_an_hour, HOUR)]

    def wrong_codes(self, who: int) -> list[Limit]:
        """Club codes that open nothing, by one person."""
        return [Limit("code", str(who), self.wrong_codes_a_person_an_hour, HOUR)]

    def wrong_codes_from(self, peer: str) -> list[Limit]:
        """Club codes that open nothing, from one address. Right ones are let through beyond it."""
        return [Limit("code_from", network(peer), self.wrong_codes_an_address_an_hour, HOUR)]

    def wrong_links_from(self, peer: str) -> list[Limit]:
        """Links to join that open nothing and were looked at from one address: any page can have its readers
        look at some, so they are counted apart from what people type. Right ones are let through beyond it.
        """
        return [Limit("link_from", network(peer), self.wrong_links_an_address_an_hour, HOUR)]

    def codes(self, who: int) -> list[Limit]:
        """Club codes that one person makes or changes: each is told in a log."""
        return [Limit("code_made", str(who), self.codes_a_person_an_hour, HOUR)]

    def requests(self, who: int) -> list[Limit]:
        """Clubs that one person asks to be let into: each is told in a log, and may be taken back."""
        return [Limit("asked", str(who), self.requests_a_person_an_hour, HOUR)]

    def letters(self, email: str, peer: str) -> list[Limit]:
        """Letters that somebody asks for without being signed in, in all and to one mailbox."""
        return [
            Limit("letter_from", network(peer), self.letters_an_address_an_hour, HOUR),
            Limit("letter", f"{email} {network(peer)}", self.letters_a_mailbox_and_address_an_hour, HOUR),
        ]

    def own_letters(self, who: int) -> list[Limit]:
        """Letters that somebody asks for to their own mailbox."""
        return [Limit("own_letter", str(who), self.letters_a_mailbox_and_address_an_hour, HOUR)]

    def new_addresses(self, who: int) -> list[Limit]:
        """Each gets a letter, whosever it is."""
        return [Limit("new_address", str(who), self.new_addresses_a_person_a_day, DAY)]

    def new_names(self, who: int) -> list[Limit]:
        """Each is told in every group of theirs."""
        return [Limit("rename", str(who), self.new_names_a_person_a_day, DAY)]

    def exports(self, who: int) -> list[Limit]:
        """Copies of all that somebody wrote."""
        return [Limit("export", str(who), self.exports_a_person_an_hour, HOUR)]

    def mailed_answers(self, who: int) -> list[Limit]:
        """Answers by links in letters, for each is told in a log."""
        return [Limit("mailed_answer", str(who), self.mailed_answers_a_person_an_hour, HOUR)]

    def wrong_invitations(self, who: int) -> list[Limit]:
        """Links of invitations that open nothing, by one person."""
        return [Limit("invitation", str(who), self.wrong_invitations_a_person_an_hour, HOUR)]

    def wrong_invitations_from(self, peer: str) -> list[Limit]:
        """From one address. Right ones are let through beyond it."""
        return [Limit("invitation_from", network(peer), self.wrong_invitations_an_address_an_hour, HOUR)]

    def mailed_invitations(self, club: int, who: int) -> list[Limit]:
        """Letters to people who have not asked for any: of one club, of one person in all their clubs, and of
        the whole place.
        """
        return [
            Limit("invitation_mail", str(club), self.invitations_mailed_a_club_a_day, DAY),
            Limit("invitation_mail_by", str(who), self.invitations_mailed_a_person_a_day, DAY),
            Limit("invitation_mails", "everybody", self.invitations_mailed_a_day, DAY),
        ]


def network(peer: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one household or server has of IPv6."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)
