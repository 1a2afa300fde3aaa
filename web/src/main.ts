import { mount, unmount } from "svelte";
import App from "./screens/App.svelte";
import { start } from "./state/account";
import { choices } from "./state/choices.svelte";
import { listenToWorker } from "./state/fromWorker";
import { router } from "./state/router.svelte";
import { takeSecret } from "./state/secret";
import { takeIssuerAnswer } from "./state/issuerAnswer";
import { keepShell } from "./state/shell";
import { beginSpeaking, onLanguage } from "./state/speaking";
import { sayUnable } from "./unable";
import "./fonts.css";
import "./tokens.css";
import "./base.css";

takeSecret(); // before anything else can read, log or pass on the address
takeIssuerAnswer();
choices.start();
router.start();
listenToWorker();
const target = document.getElementById("app")!;
beginSpeaking().then(begin, () => sayUnable(target));

function begin(): void {
  let drawn = mount(App, { target });
  onLanguage(() => {
    void unmount(drawn);
    drawn = mount(App, { target });
  });
  void start();
  if (import.meta.env.PROD) void keepShell();
}
