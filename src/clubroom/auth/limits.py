"""How often somebody may be wrong, or make something, before they have to wait."""

import ipaddress

import msgspec

from clubroom.dba.attempts import Limit

HOUR = 3_600
QUARTER = 900


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers are generous to a hall full of people behind one address, and mean to guessing."""

    accounts_an_address_an_hour: int = 300
    repeats_an_address_an_hour: int = 100
    taken_emails_an_address_an_hour: int = 20
    wrong_passwords_a_person_and_address_a_quarter: int = 10
    wrong_passwords_an_address_a_quarter: int = 100
    wrong_words_an_address_an_hour: int = 20
    wrong_codes_a_person_an_hour: int = 5
    wrong_codes_an_address_an_hour: int = 20

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

    def wrong_words(self, peer: str) -> list[Limit]:
        """Words of the host that are not the word, from one address."""
        return [Limit("word", network(peer), self.wrong_words_an_address_an_hour, HOUR)]

    def wrong_codes(self, who: int) -> list[Limit]:
        """Club codes that open nothing, by one person."""
        return [Limit("code", str(who), self.wrong_codes_a_person_an_hour, HOUR)]

    def wrong_codes_from(self, peer: str) -> list[Limit]:
        """Club codes that open nothing, from one address. Right ones are let through beyond it."""
        return [Limit("code_from", network(peer), self.wrong_codes_an_address_an_hour, HOUR)]


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
