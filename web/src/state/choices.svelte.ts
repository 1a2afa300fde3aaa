/** What a person has chosen for this device: how it looks and what Enter does. */

export type Theme = "system" | "light" | "dark";

const THEME = "clubroom.theme"; // also read by public/theme.js before the first paint
const ENTER = "clubroom.enter";
const KEEP_LATER = "clubroom.later";

const dark = matchMedia("(prefers-color-scheme: dark)");

class Choices {
  theme = $state<Theme>((localStorage.getItem(THEME) as Theme | null) ?? "system");
  enterSends = $state(localStorage.getItem(ENTER) !== "breaks");
  /** The offer to add an e-mail address was put off. */
  later = $state(localStorage.getItem(KEEP_LATER) !== null);

  start(): void {
    dark.addEventListener("change", () => this.#paint());
    addEventListener("storage", (event) => {
      if (event.key !== THEME) return;
      this.theme = (event.newValue as Theme | null) ?? "system";
      this.#paint();
    });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (theme === "system") localStorage.removeItem(THEME);
    else localStorage.setItem(THEME, theme);
    this.#paint();
  }

  setEnterSends(sends: boolean): void {
    this.enterSends = sends;
    localStorage.setItem(ENTER, sends ? "sends" : "breaks");
  }

  putOff(): void {
    this.later = true;
    localStorage.setItem(KEEP_LATER, "1");
  }

  #paint(): void {
    const isDark = this.theme === "dark" || (this.theme === "system" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute("content", isDark ? "#0d1714" : "#eeefe6");
  }
}

export const choices = new Choices();
