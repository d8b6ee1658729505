// The menu at the top, and the question before everything is forgotten.

import { button, fill, h, onEscape, round, said } from "./dom";
import type { Texts } from "./texts";

export interface Deeds {
  startOver(): void;
  download(): void;
  forget(): Promise<boolean>; // whether it is done
}

/** The menu, and what it asks; both belong into `root`. */
export function drawMenu(root: ShadowRoot, texts: Texts, { startOver, download, forget }: Deeds) {
  const opener = round("more", texts.menu, {
    "aria-expanded": "false",
    "aria-controls": "menu",
    onclick: () => open(list.hidden === true),
  });
  const items = [
    button(texts.startOver, () => choose(startOver)),
    button(texts.download, () => choose(download)),
    button(texts.forget, () => choose(ask)),
  ];
  const notice = said("");
  const kept = h("details", {}, h("summary", {}, texts.kept), notice);
  const list = h("div", { id: "menu", hidden: true }, ...items, kept);
  const element = h(
    "div",
    { class: "menu", onkeydown: (event) => onEscape(event, !list.hidden, () => open(false, true)) },
    opener,
    list,
  );
  const problem = h("p", { class: "trouble", role: "alert" });
  const cancel = button(texts.cancel, close);
  const confirm = h(
    "div",
    {
      class: "confirm",
      role: "group",
      "aria-labelledby": "forget",
      "aria-describedby": "what",
      hidden: true,
      onkeydown: (event) => onEscape(event, true, close),
    },
    h("h3", { id: "forget" }, texts.forgetAsk),
    h("p", { id: "what" }, texts.forgetWhat),
    problem,
    cancel,
    button(texts.forgetYes, () => void confirmed(), { class: "main" }),
  );

  function open(opened: boolean, focusBack = false): void {
    list.hidden = !opened;
    opener.setAttribute("aria-expanded", String(opened));
    if (focusBack) opener.focus();
  }
  function choose(deed: () => void): void {
    open(false, true);
    deed();
  }
  for (const event of ["pointerdown", "focusin"]) {
    root.addEventListener(event, ({ target }) => {
      if (!list.hidden && !element.contains(target as Node)) open(false);
    });
  }
  function ask(): void {
    fill(problem, "");
    confirm.hidden = false;
    cancel.focus();
  }
  function close(): void {
    confirm.hidden = true;
    opener.focus();
  }
  async function confirmed(): Promise<void> {
    if (await forget()) confirm.hidden = true;
    else fill(problem, texts.failed);
  }
  return {
    element,
    confirm,
    /** @param begun whether there is a conversation that something can be done with */
    update(begun: boolean, told: string): void {
      for (const item of items) item.disabled = !begun;
      fill(notice, told);
      kept.hidden = !told;
    },
  };
}
