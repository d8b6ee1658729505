// The one line on the supplier's page loads this. It does nothing until the page is idle, then adds the element.

import { AssistantWidget } from "./element";

const NAME = "assistant-widget";
// A module has no currentScript.
const script = (document.currentScript ??
  document.querySelector('script[src*="/widget.js"]')) as HTMLScriptElement | null;

function add(): void {
  if (!script || customElements.get(NAME)) return; // pasted twice
  customElements.define(NAME, AssistantWidget);
  const element = document.createElement(NAME) as AssistantWidget;
  element.options = { ...script.dataset };
  element.base = new URL(".", script.src).href;
  document.body.append(element);
}

function whenIdle(): void {
  if ("requestIdleCallback" in window) requestIdleCallback(add, { timeout: 5_000 });
  else setTimeout(add, 500); // Safari
}

if (document.readyState === "complete") whenIdle();
else addEventListener("load", whenIdle);
