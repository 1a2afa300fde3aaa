import { mount } from "svelte";
import App from "./screens/App.svelte";
import { start } from "./state/account";
import { choices } from "./state/choices.svelte";
import { router } from "./state/router.svelte";
import { takeSecret } from "./state/secret";
import { keepShell } from "./state/shell";
import { chooseLanguage } from "./texts";
import "./fonts.css";
import "./tokens.css";
import "./base.css";

takeSecret(); // before anything else can read, log or pass on the address
choices.start();
router.start();
await chooseLanguage(navigator.languages);
mount(App, { target: document.getElementById("app")! });
void start();
if (import.meta.env.PROD) void keepShell();
