// The launcher and the panel. What is said and sent is the conversation's; here it gets a form, and the focus a place.

import { type Api, ApiError } from "./api";
import { Conversation } from "./conversation";
import { type Child, away, button, fill, h, icon, onEscape, round, said, unseen } from "./dom";
import { drawMenu } from "./menu";
import type { Message, Pending } from "./messages";
import { type Actions, type Choice, type Drawn, drawReply, spoken } from "./reply";
import { lasting, load, loadHere, save, saveHere } from "./storage";
import { type Texts, filled } from "./texts";

const LIMIT = 4096; // characters that the server reads
// A phone, or a page zoomed until it is one: the panel covers the page, and the page behind is out of reach.
const SMALL = "(max-width: 40em), (max-height: 34em)";

export interface Setting {
  api: Api;
  texts: Texts;
  open: boolean;
  language: string; // of the answers
}

/** Draws launcher and panel into a root, and lets them live. */
export function drawPanel(root: ShadowRoot, { api, texts, open, language }: Setting): void {
  const conversation = new Conversation(api, draw, (event) =>
    announce(typeof event === "string" ? texts[event] : told(event)),
  );
  const whom = { asked: texts.asked, taken: texts.taken, away: texts.away, "": "" };
  let toldWhom = conversation.handover;
  let started = false;

  // --- what is on the page from the beginning
  const unread = h("span", { class: "unread" });
  const launcher = h(
    "button",
    { type: "button", class: "launcher main", "aria-haspopup": "dialog", onclick: () => show(true) },
    icon("chat"),
    texts.launch,
    unread,
  );
  const person = h("span");
  const menu = drawMenu(root, texts, {
    startOver: () => void say("start over"),
    download: () => void download(),
    forget,
  });

  const noticeInLog = said("", "note");
  const notes = h("div");
  const messages = h("ol");
  const waiting = h("div");
  const log = h(
    "div",
    { class: "log", tabindex: 0, role: "region", "aria-label": texts.history },
    h("p", { class: "note" }, texts.welcome),
    noticeInLog,
    !lasting && h("p", { class: "note" }, texts.notKept),
    notes,
    messages,
    waiting,
  );

  const tooLong = h("p", { class: "trouble", role: "alert" });
  const field = h("textarea", { id: "field", rows: 1, dir: "auto", enterkeyhint: "send", autocomplete: "off",
    oninput: () => {
      saveHere("draft", field.value);
      fill(tooLong, "");
    },
    onkeydown: (event) => {
      const { key, shiftKey, isComposing } = event as KeyboardEvent;
      // Enter also ends a word of an input method.
      if (key === "Enter" && !shiftKey && !isComposing) submit(event);
    },
  });
  field.value = loadHere("draft");
  const composer = h(
    "form",
    { class: "composer", onsubmit: submit },
    h("label", { for: "field" }, texts.field),
    tooLong,
    field,
    round("send", texts.send, { type: "submit", class: "main round" }),
  );

  const close = round("close", texts.close, { onclick: hide });
  const live = h("p", { class: "unseen", role: "status" });
  const liveOutside = h("p", { class: "unseen", role: "status" }); // while the panel is closed
  const withWhom = h("p", { class: "with" });
  const dialog = h(
    "dialog",
    {
      "aria-labelledby": "title",
      oncancel: (event) => event.preventDefault(), // the key is handled below
      onkeydown: (event) => onEscape(event, true, hide),
    },
    h("header", {}, h("h2", { id: "title" }, texts.title), person, menu.element, close),
    menu.confirm,
    withWhom,
    log,
    composer,
    live,
  );
  root.append(h("section", { "aria-label": texts.title }, launcher, dialog, liveOutside));

  // --- opening and closing
  const small = matchMedia(SMALL);
  small.addEventListener("change", () => dialog.open && place());
  const focused = () => root.activeElement as HTMLElement | null;

  function place(): void {
    const before = focused();
    dialog.close();
    if (small.matches) dialog.showModal();
    else dialog.show();
    before?.focus();
  }
  function start(): void {
    if (started) return;
    started = true;
    void conversation.start();
  }
  function show(byHand: boolean): void {
    const elsewhere = document.activeElement as HTMLElement | null;
    saveHere("open", "1");
    launcher.hidden = true;
    place();
    start();
    draw();
    if (byHand) focusInside();
    else if (!small.matches) {
      focused()?.blur(); // a page that loads keeps its focus
      elsewhere?.focus();
    }
  }
  function hide(): void {
    const inside = focused();
    saveHere("open", "");
    dialog.close();
    launcher.hidden = false;
    if (inside) launcher.focus();
  }
  // The panel may lie over what has the focus on the page: Escape shows that again, where the page makes no use of it.
  addEventListener("keydown", (event) => onEscape(event, dialog.open && !focused(), hide));
  /** On a touch screen the keyboard would cover what is there to read. */
  function focusInside(): void {
    (matchMedia("(pointer: fine)").matches ? field : log).focus();
  }
  /** Throws nothing; whether it is done. */
  async function forget(): Promise<boolean> {
    if (!(await attempt(() => conversation.forget()))) return false;
    announce(texts.forgotten);
    focusInside();
    return true;
  }
  async function download(): Promise<void> {
    const done = await attempt(async () => {
      const [file, name] = await conversation.download();
      const href = URL.createObjectURL(file);
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), 10_000);
    });
    announce(done ? texts.downloaded : texts.failed);
    if (!done) drawHint(notes, texts.failed, false);
  }

  // --- talking
  function announce(text: string): void {
    fill(dialog.open ? live : liveOutside, text);
  }
  /** What was said, and whom the conversation is with where that is new; neither: the customer's own went on. */
  function told(messages: Message[]): string {
    const { handover } = conversation;
    const isNew = handover !== toldWhom;
    toldWhom = handover;
    const words = [...messages.map((message) => spoken(message, texts)), isNew && whom[handover]];
    return words.filter(Boolean).join(" ") || (isNew ? "" : texts.passedOn);
  }
  function say(shown: string, chosen?: Choice): string {
    announce(texts.sending);
    return conversation.say(shown, chosen);
  }
  const actions: Actions = {
    /** What was pressed goes away with its question: the focus goes where the reply will be. */
    say: (shown, chosen) => customers.get(say(shown, chosen))?.element.focus(),
    rate: (answer, rating, comment) => attempt(() => conversation.rate(answer, rating, comment)),
  };
  function submit(event: Event): void {
    event.preventDefault();
    const text = field.value.trim();
    const over = text.length - LIMIT;
    fill(tooLong, over > 0 && filled(texts.tooLong, { count: String(over) }));
    if (text && over <= 0) {
      say(text);
      field.value = "";
      saveHere("draft", "");
    }
    field.focus();
  }

  // --- drawing what has changed
  const customers = new Map<string, { element: HTMLElement; state: HTMLElement }>();
  const replies = new Map<string, Drawn>();
  let newest = "";

  function draw(): void {
    const { pending, trouble, contact, handover } = conversation;
    drawContact();
    menu.update(conversation.begun, contact?.notice ?? "");
    fill(noticeInLog, contact?.notice);
    noticeInLog.hidden = !contact?.notice;

    const open = new Set(pending.map(({ id }) => id));
    const said = conversation.messages.filter(({ id }) => !open.has(id));
    const last = said.filter(({ from }) => from !== "notice").pop();
    const elements = said.map((message) => {
      if (message.from === "customer") return customer(message.id, message.text, undefined, message.passedOn);
      const key = message.id || message.replyTo || message.answer?.id || message.time;
      const drawn = replies.get(key) ?? drawReply(message, texts, language, actions);
      replies.set(key, drawn);
      drawn.update(message === last && !pending.length, message.rating);
      return drawn.element;
    });
    elements.push(...pending.map((message) => customer(message.id, message.text, message)));
    arrange(elements);

    const sending = pending.some(({ refused }) => !refused);
    drawHint(notes, noteText(), conversation.historyFailed);
    if (sending && trouble) drawHint(waiting, texts[trouble], true);
    else drawTyping(sending && (conversation.slow || !/asked|taken/.test(handover)));
    fill(withWhom, handover && icon("person"), whom[handover]);
    drawUnread();
    scrollToNewest();
  }
  /** On the launcher: how much persons have said since the panel was open. */
  function drawUnread(): void {
    const { news, begun } = conversation;
    const seen = Number(load("seen"));
    if (!begun) save("seen", null);
    else if (dialog.open && news > seen) save("seen", String(news));
    const count = dialog.open ? 0 : news - seen;
    fill(unread, count > 0 && filled(texts.unread, { count }));
  }

  function drawContact(): void {
    const { contact } = conversation;
    if (!contact || person.firstChild) return;
    const link = away(contact.link, icon("person"), h("span", {}, texts.person));
    link.className = "person";
    link.title = filled(texts.personLink, contact);
    link.setAttribute("aria-label", link.title);
    person.append(link);
  }
  function noteText(): string {
    const { historyFailed, lost, forgotten, shortened, sessionNotice } = conversation;
    if (historyFailed) return texts.historyFailed;
    if (lost) return texts.begunAnew;
    if (forgotten) return texts.forgotten;
    return shortened ? texts.earlierLeftOut : sessionNotice;
  }
  function drawHint(where: HTMLElement, text: string, retry: boolean): void {
    if (where.dataset.text === text) return; // a button with the focus stays
    where.dataset.text = text;
    const again = retry && button(texts.tryNow, () => void conversation.retry());
    swap(where, text && h("div", { class: "hint" }, h("p", {}, text), again));
  }
  /** Puts a child where another was; the focus that was in there is not lost. */
  function swap(where: HTMLElement, child: Child): void {
    const held = where.contains(focused());
    fill(where, child);
    if (held) log.focus();
  }
  function drawTyping(sending: boolean): void {
    delete waiting.dataset.text;
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    const text = conversation.slow ? texts.slow : texts.typing;
    if (!sending) swap(waiting, "");
    else if (waiting.textContent !== text) swap(waiting, h("p", { class: "typing" }, dots, text));
  }
  function customer(id: string, text: string, waits?: Pending, passedOn = false): HTMLElement {
    let drawn = customers.get(id);
    if (!drawn) {
      const state = h("div", { class: "state" });
      const words = said(text, "plain");
      drawn = { element: h("li", { class: "customer", tabindex: -1 }, unseen(`${texts.you}: `), words, state), state };
      customers.set(id, drawn);
    }
    const { state } = drawn;
    if (waits?.refused) {
      const words = filled(texts.refused, { reason: waits.refused });
      if (state.firstChild?.textContent === words) return drawn.element;
      const again = () => {
        conversation.again(waits);
        log.focus();
      };
      const edit = () => {
        field.value = conversation.takeBack(waits);
        field.focus();
      };
      fill(state, h("p", { role: "alert" }, words), button(texts.again, again), button(texts.edit, edit));
    } else {
      const queued = conversation.trouble || waits !== conversation.pending[0];
      fill(state, waits ? (queued ? texts.waiting : texts.sending) : passedOn && texts.passedOn);
    }
    return drawn.element;
  }
  function arrange(elements: HTMLElement[]): void {
    const wanted = new Set<Element>(elements);
    for (const child of [...messages.children]) if (!wanted.has(child)) child.remove();
    elements.forEach((element, index) => {
      if (messages.children[index] !== element) messages.insertBefore(element, messages.children[index] ?? null);
    });
  }
  /** A reply is read from its beginning: what was asked, or a person's answer, is scrolled to the top. What went wrong stands at the end. */
  function scrollToNewest(): void {
    const asked = messages.querySelectorAll<HTMLElement>(".customer, .staff");
    const last = asked[asked.length - 1];
    const wrong = conversation.trouble ?? conversation.pending.filter(({ refused }) => refused).length;
    const now = `${asked.length} ${messages.children.length} ${dialog.open} ${wrong}`;
    if (last && now !== newest) log.scrollTop = wrong ? log.scrollHeight : last.offsetTop - 8;
    newest = now;
  }

  if (loadHere("open", open ? "1" : "") === "1") show(false);
  // What another page of this shop could not send is sent from here, and a person may write, the panel open or not.
  else if (conversation.pending.length || conversation.handover) start();
}

async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
