// The custom element: a shadow root that the page's style cannot reach, and the panel in it.

import { Api } from "./api";
import { drawPanel } from "./panel";
import { type Texts, english, translated } from "./texts";
import css from "./widget.css";

export class AssistantWidget extends HTMLElement {
  /** The script's data attributes: docs/widget.md lists them. */
  options: DOMStringMap = {};
  base = "/";

  connectedCallback(): void {
    if (this.shadowRoot) return; // moved by the page: all of it goes along
    const root = this.attachShadow({ mode: "open" });
    // A sheet made by script is what a Content-Security-Policy without 'unsafe-inline' allows.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    void this.#draw(root);
  }

  async #draw(root: ShadowRoot): Promise<void> {
    const texts: Texts = this.options.texts ? await translated(this.options.texts) : english;
    const { side, theme, title, label, open, language } = this.options;
    if (side === "start") this.dataset.side = side;
    if (theme === "dark" || theme === "light") this.dataset.theme = theme;
    this.lang = texts.lang;
    const named = { ...texts, ...(title && { title }), ...(label && { launch: label }) };
    drawPanel(root, { api: new Api(this.base), texts: named, open: open !== undefined, language: language ?? "en" });
  }
}
