import { beforeEach, expect, test, vi } from "vitest";

const reload = vi.fn();
const fetched = vi.fn<(address: string) => Promise<Response>>();
vi.stubGlobal("location", { reload });
vi.stubGlobal("fetch", fetched);
const { callAsMe, expect: showing, renewed } = await import("./access");

/** The cookie belongs to this person now. */
const cookieOf = (user: string) =>
  fetched.mockImplementation(() =>
    Promise.resolve(Response.json({ user, access_token: `token of ${user}`, expires_in: 600 })),
  );

beforeEach(() => {
  showing(null);
  reload.mockReset();
  fetched.mockReset();
});

test("a call of mine goes out with my token", async () => {
  showing("ann");
  cookieOf("ann");
  expect(await renewed(null)).toBe("token of ann");
});

test("once the cookie is somebody else's, nothing of mine goes out as theirs: the page starts afresh", async () => {
  showing("ann");
  cookieOf("ben");
  const settled = vi.fn();
  void callAsMe("PUT", "/messages/1", { text: "from Ann" }).then(settled, settled);
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(settled).not.toHaveBeenCalled();
  expect(fetched).toHaveBeenCalledOnce(); // the renewal alone
});
