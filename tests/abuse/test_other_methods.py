"""What no call is: other methods, other paths."""

import httpx

from abuse.rig import refusal


async def test_other_methods_and_paths_have_their_words_too(client: httpx.AsyncClient) -> None:
    patched = await client.patch("/api/clubs")
    assert refusal(patched) == (405, "method_not_allowed")
    assert "POST" in patched.headers["allow"]
    assert refusal(await client.get("/api/clubs")) == (405, "method_not_allowed")
    assert refusal(await client.post("/")) == (405, "method_not_allowed")
    for path in ("/api", "/api/", "/api/nowhere", "/api/schema", "/api/schema/openapi.json"):
        assert refusal(await client.get(path)) == (404, "not_found"), path
