/** Stylesheets that were lost on the way. They are taken for ones that are here, and nobody asks for them again. */

const lost = new Set<HTMLLinkElement>();

addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.relList.contains("stylesheet")) lost.add(target);
  },
  true,
); // it does not bubble

/** Asks for them again. Raises if one cannot be had. */
export async function lostSheets(): Promise<void> {
  await Promise.all([...lost].map(fetchedAgain));
}

function fetchedAgain(link: HTMLLinkElement): Promise<void> {
  lost.delete(link);
  const again = link.cloneNode() as HTMLLinkElement;
  const come = new Promise<void>((resolve, reject) => {
    again.onload = () => resolve();
    again.onerror = () => reject(new Error(`No stylesheet at ${again.href}`));
  });
  link.replaceWith(again);
  return come;
}
