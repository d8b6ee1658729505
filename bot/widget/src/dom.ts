// Elements by function. Texts go in as text nodes: nothing that a server sends can become HTML.

export type Child = Node | string | false | null | undefined;
type Value = string | number | boolean | null | undefined | ((event: Event) => void);

/** An element. `onclick` and the like are listeners; false, null and undefined leave an attribute out. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** A paragraph that runs in the direction of its own words, whichever the page's is. */
export const said = (text: string, className?: string): HTMLElement => h("p", { dir: "auto", class: className }, text);

export const unseen = (text: string): HTMLElement => h("span", { class: "unseen" }, text);

/** A link to another site. */
export const away = (href: string, ...children: Child[]): HTMLElement =>
  h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);

/** A button of words. */
export const button = (
  label: string,
  onclick: () => void,
  attributes: Record<string, Value> = {},
): HTMLButtonElement => h("button", { type: "button", ...attributes, onclick }, label);

/** A button with a sign in place of words. */
export const round = (sign: Sign, label: string, attributes: Record<string, Value> = {}): HTMLButtonElement =>
  h("button", { type: "button", class: "round", "aria-label": label, title: label, ...attributes }, icon(sign));

/** Puts children where others were, unless they are the same text: a live region would say it again. */
export function fill(element: HTMLElement, ...children: Child[]): void {
  const [text] = children;
  if (children.length === 1 && !(text instanceof Node) && element.textContent === (text || "")) return;
  element.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

/** Does something on Escape, where it applies and nobody else has used the key. */
export function onEscape(event: Event, applies: boolean, act: () => void): void {
  if ((event as KeyboardEvent).key !== "Escape" || event.defaultPrevented || !applies) return;
  event.preventDefault();
  act();
}

// Drawn for this widget, each on a field of 24 by 24.
const SIGNS = {
  chat: "M4 4h16v12H10l-5 4v-4H4z",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 10c0-5 3.5-7 8-7s8 2 8 7z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 20V5M6 11l6-6 6 6",
  warning: "M12 3L2 21h20zM12 10v5M12 18h.01",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM8 12h8",
  doctor: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
  yes: "M4 13l5 5L20 7",
  part: "M4 12h16",
  no: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
  question: "M8 9a4 4 0 1 1 5.5 3.7c-1 .4-1.5 1-1.5 2.3M12 19h.01",
  up: "M7 11l4-8c2 0 3 1 3 3v3h6l-2 11H7zM3 11h4v9H3z",
  down: "M7 13l4 8c2 0 3-1 3-3v-3h6l-2-11H7zM3 4h4v9H3z",
};
export type Sign = keyof typeof SIGNS;

export function icon(sign: Sign): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("class", `icon icon-${sign}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SIGNS[sign]);
  svg.append(path);
  return svg as SVGElement;
}
