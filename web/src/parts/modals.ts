/** The dialogs that lie over the page. Whatever is outside the topmost is inert, what is in the top layer, too. */

const open: HTMLDialogElement[] = [];
const heard = new Set<() => void>();

/** Over all that is open; what this gives ends it. */
export function lieOver(dialog: HTMLDialogElement): () => void {
  dialog.showModal();
  open.push(dialog);
  tell();
  return () => {
    dialog.close();
    open.splice(open.indexOf(dialog), 1);
    tell();
  };
}

/**
 * Keeps a popover over everything and within the topmost dialog: outside of it nothing can be pressed, reached by
 * keys or read aloud. `moved` is called whenever it has been moved. What this gives ends it, wherever it is.
 */
export function stayOver(popover: HTMLElement, moved: () => void): () => void {
  const home = popover.parentElement!;
  const told = () => {
    (open.at(-1) ?? home).append(popover);
    moved();
    if (popover.isConnected) popover.showPopover();
  };
  heard.add(told);
  told();
  return () => {
    heard.delete(told);
    popover.remove();
  };
}

function tell(): void {
  for (const told of heard) told();
}
