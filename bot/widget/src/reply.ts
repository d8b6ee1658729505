// One reply of the assistant, drawn from its payload.

import { type Answer, type Cited, type Option, type Source, whatsappLink } from "./answer";
import type { Message } from "./messages";
import { type Child, type Sign, away, button, fill, h, icon, round, said, unseen } from "./dom";
import { type Texts, filled } from "./texts";

const SIGNS: Record<string, Sign> = {
  supported: "yes",
  limited: "part",
  not_supported: "no",
  avoid: "stop",
  see_doctor_first: "doctor",
  confirm_first: "warning",
  unknown: "question",
};
const NONE = "none"; // the option that excludes all others
const UNRATED = ["smalltalk", "clarification", "failure"];
const COMMENT_LIMIT = 1000;

export interface Choice {
  answer: string;
  options: string[];
}
export type Rated = "up" | "down" | null;
export interface Actions {
  say(shown: string, chosen?: Choice): void;
  rate(answer: string, rating: Rated, comment?: string): Promise<boolean>;
}
/** A reply on the page. Only the last one's question can be answered. */
export interface Drawn {
  element: HTMLElement;
  update(last: boolean, rating: string | null): void;
}

export function drawReply(message: Message, texts: Texts, language: string, actions: Actions): Drawn {
  const { answer, from, name } = message;
  if (from === "notice") return { element: h("li", { class: "note" }, said(message.text)), update: () => {} };
  if (from === "person") {
    const who = h("p", { class: "who" }, icon("person"), h("strong", {}, name || texts.somebody), unseen(":"));
    return { element: h("li", { class: "staff" }, who, said(message.text, "plain")), update: () => {} };
  }
  const who = h("span", { class: "unseen", lang: texts.lang }, `${texts.assistant}: `);
  const element = h("li", { class: "assistant", lang: language }, who);
  if (!answer) {
    element.append(said(message.text, "plain"));
    return { element, update: () => {} };
  }
  const { question, related, contact, id } = answer;
  const asked = question && said(question.text);
  const next = h("legend", { lang: texts.lang }, texts.related);
  const choices = question?.options.length
    ? drawChoices(answer, texts, actions)
    : related.length > 0 && h("fieldset", {}, next, buttons(related, ({ title }) => actions.say(title)));
  const rating = id && !UNRATED.includes(answer.kind) ? drawRating(id, texts, actions) : null;
  const parts: Child[] = [
    verdict(answer, texts),
    ...answer.warnings.map((warning) => drawWarning(warning, texts)),
    ...answer.blocks.flatMap(({ lead, statements }) => [
      lead.length > 0 && said(lead.join(" ")),
      ...paragraphs(statements).map((paragraph) => said(paragraph)),
    ]),
    answer.closing.length > 0 && said(answer.closing.join(" ")),
    asked,
    choices,
    ...answer.sources.map((source) => drawSource(source, texts)),
    contact && drawLink(whatsappLink(contact.whatsapp), filled(texts.personNamed, contact), texts),
    rating?.element,
  ];
  element.append(...parts.filter((part): part is Node => Boolean(part)));
  return {
    element,
    update(last, rated) {
      if (choices) choices.hidden = !last;
      if (asked) asked.hidden = last && question!.options.length > 0;
      rating?.update(rated);
    },
  };
}

const verdictWord = ({ kind, verdict }: Answer, texts: Texts): string =>
  kind === "emergency" ? texts.emergency : ((texts.verdicts as Record<string, string>)[verdict] ?? "");

function verdict(answer: Answer, texts: Texts): Child {
  const word = verdictWord(answer, texts);
  const sign = SIGNS[answer.verdict];
  return word && sign && h("p", { class: `verdict ${answer.verdict}`, lang: texts.lang }, icon(sign), word);
}

function drawWarning({ text }: Cited, texts: Texts): HTMLElement {
  const title = h("p", { lang: texts.lang }, icon("warning"), h("strong", {}, texts.warning));
  return h("div", { class: "warning" }, title, said(text));
}

const drawLink = (address: string, words: string, texts: Texts): HTMLElement =>
  h("p", {}, away(address, words, " ", unseen(texts.newWindow)));

/** What a screen reader says when it comes: who says it; the verdict of a reply; then all of its text. */
export function spoken({ answer, text, from, name }: Message, texts: Texts): string {
  if (from === "notice") return text;
  if (from === "person") return `${name || texts.somebody}: ${text}`;
  const word = answer && verdictWord(answer, texts);
  return `${texts.assistant}: ${word ? `${word}. ` : ""}${text.replace(/⚠/g, `${texts.warning}:`)}`;
}

/** Sentences of one section run on; another section begins a paragraph. */
function paragraphs(statements: Cited[]): string[] {
  const found: string[] = [];
  let before = "";
  for (const { text, document, section } of statements) {
    const place = `${document}#${section}`;
    if (place === before) found.push(`${found.pop()} ${text}`);
    else found.push(text);
    before = place;
  }
  return found;
}

function drawSource({ title, section, url, quotes }: Source, texts: Texts): HTMLElement {
  // A text fragment: the browser scrolls to the passage on the page and marks it.
  const quote = url?.includes("#") ? undefined : quotes[0];
  const passage = quote ? `#:~:text=${encodeURIComponent(quote).replace(/-/g, "%2D")}` : "";
  return h(
    "details",
    { class: "source" },
    h("summary", { dir: "auto" }, `${texts.source}: ${title}, ${section}`),
    h("blockquote", {}, ...quotes.map((each) => said(each))),
    url && drawLink(url + passage, texts.readPage, texts),
  );
}

function buttons(options: Option[], choose: (option: Option) => void): HTMLElement {
  const drawn = options.map((option) => button(option.title, () => choose(option), { dir: "auto" }));
  return h("div", { class: "options" }, ...drawn);
}

function drawChoices({ id: answer, question }: Answer, texts: Texts, { say }: Actions): HTMLFieldSetElement {
  const { text, options, multiple } = question!;
  const choose = (chosen: Option[]) =>
    say(chosen.map(({ title }) => title).join(", "), { answer, options: chosen.map(({ id }) => id) });
  const legend = h("legend", { dir: "auto" }, text);
  if (!multiple) return h("fieldset", {}, legend, buttons(options, (option) => choose([option])));

  legend.append(h("small", { lang: texts.lang }, texts.chooseSome));
  const problem = h("p", { class: "trouble", role: "alert", lang: texts.lang });
  const boxes = options.map(({ id }) => h("input", { type: "checkbox", value: id, onchange: changed }));
  const labels = options.map(({ title }, index) => h("label", { dir: "auto" }, boxes[index], h("span", {}, title)));
  function changed({ target }: Event): void {
    fill(problem, "");
    const { value, checked } = target as HTMLInputElement;
    for (const box of boxes) if (checked && (value === NONE) !== (box.value === NONE)) box.checked = false;
  }
  function send(): void {
    const chosen = options.filter((_, index) => boxes[index]!.checked);
    if (chosen.length) choose(chosen);
    else fill(problem, texts.chooseOne);
  }
  return h(
    "fieldset",
    {},
    legend,
    h("div", { class: "boxes" }, ...labels),
    problem,
    button(texts.send, send, { class: "main", lang: texts.lang }),
  );
}

function drawRating(answer: string, texts: Texts, { rate }: Actions) {
  let rating: string | null = null;
  const status = h("p", { role: "status" });
  const why = h("input", { maxlength: COMMENT_LIMIT, autocomplete: "off", dir: "auto" });
  const form = h(
    "form",
    { class: "why", hidden: true, onsubmit: (event) => void explain(event) },
    h("label", {}, texts.why, why),
    h("button", {}, texts.send),
  );
  const thumb = (value: "up" | "down", label: string) =>
    round(value, label, { "aria-pressed": "false", onclick: () => void choose(value) });
  const thumbs = { up: thumb("up", texts.helpful), down: thumb("down", texts.notHelpful) };

  async function choose(value: "up" | "down"): Promise<void> {
    const next = rating === value ? null : value;
    fill(status, "");
    form.hidden = !next;
    if (!(await rate(answer, next))) {
      form.hidden = true;
      fill(status, texts.failed);
    }
  }
  async function explain(event: Event): Promise<void> {
    event.preventDefault();
    const comment = why.value.trim();
    if (comment && !(await rate(answer, rating as Rated, comment))) return fill(status, texts.failed);
    thumbs[rating === "up" ? "up" : "down"].focus(); // the form goes, and the focus was in it
    form.hidden = true;
    why.value = "";
    fill(status, texts.thanks);
  }
  return {
    element: h("div", { class: "rating", lang: texts.lang }, thumbs.up, thumbs.down, form, status),
    update(value: string | null) {
      rating = value;
      for (const [name, thumb] of Object.entries(thumbs)) thumb.setAttribute("aria-pressed", String(name === value));
    },
  };
}
