"""Signatures in headers: the vendor's own examples, and what belongs to them."""

from datetime import UTC, datetime

from clubroom.ports.signing.aws import Credentials, HeaderSigner

EXAMPLE = Credentials(
    key_id="AKIDEXAMPLE", key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region="us-east-1"
)
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
URL = "https://example.amazonaws.com/"


def signed(
    credentials: Credentials, method: str, url: str, content: bytes = b"", **headers: str
) -> dict[str, str]:
    return HeaderSigner(credentials, "service", lambda: AT).signed(method, url, content, headers)


def test_a_call_is_signed_as_the_vendors_examples_are() -> None:
    """get-vanilla and post-vanilla of its test suite."""
    scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
    begins = f"{scope}SignedHeaders=host;x-amz-date, Signature="
    assert signed(EXAMPLE, "GET", URL)["authorization"] == (
        f"{begins}5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )
    assert signed(EXAMPLE, "POST", URL)["authorization"] == (
        f"{begins}5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )


def test_content_path_and_lent_keys_change_the_signature() -> None:
    lent = Credentials(key_id=EXAMPLE.key_id, key=EXAMPLE.key, region=EXAMPLE.region, token="lent")
    made = [
        signed(EXAMPLE, "POST", URL),
        signed(EXAMPLE, "POST", URL, b"x"),
        signed(EXAMPLE, "POST", f"{URL}%40connections/abc%3D"),
        signed(EXAMPLE, "POST", URL, kind="application/json"),
        signed(lent, "POST", URL),
    ]
    assert len({one["authorization"] for one in made}) == len(made)
    assert made[-1]["x-amz-security-token"] == "lent"
    assert "x-amz-security-token" in made[-1]["authorization"]


def test_a_key_does_not_show_itself() -> None:
    assert "EXAMPLEKEY" not in repr(EXAMPLE)
