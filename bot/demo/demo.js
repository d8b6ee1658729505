// The demo page of the local mode: sends what is typed to the REST channel and draws each reply from its payload.
"use strict";

const VERDICTS = {
  supported: "Supported", limited: "Limited", not_supported: "Not supported", avoid: "Please avoid",
  see_doctor_first: "See a doctor first", confirm_first: "Confirm first", unknown: "Unknown",
};
const UNREACHABLE = "The assistant cannot be reached. Nothing is lost: please try again.";
const WAIT = 60_000; // milliseconds

const [log, typing, error, form, field, send, news] =
  ["log", "typing", "error", "form", "field", "send", "news"].map((id) => document.getElementById(id));
let conversation = sessionStorage.getItem("conversation");
let waiting = false;

function make(tag, text, className, parent) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  parent?.append(element);
  return element;
}

function bubble(who, className) {
  const element = make("article", "", className, log);
  make("span", `${who}:`, "unseen", element);
  return element;
}

function setWaiting(value) {
  waiting = send.disabled = value;
  typing.hidden = !value;
}

// The messages of a reply; throws an Error whose message can be shown.
async function ask(message) {
  let response;
  let data;
  try {
    response = await fetch("/webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: conversation, message }),
      signal: AbortSignal.timeout(WAIT),
    });
    data = await response.json();
  } catch {
    throw new Error(response && !response.ok ? `The assistant failed (status ${response.status}).` : UNREACHABLE);
  }
  if (!response.ok) throw new Error(data?.error || `The assistant failed (status ${response.status}).`);
  if (!Array.isArray(data) || !data.length) throw new Error("The assistant sent no reply.");
  return data;
}

// `message` is what is sent, `shown` what the customer sees; `typed`: it came from the field and goes back on failure.
async function say(message, shown, typed) {
  field.focus();
  if (waiting) return;
  const asked = conversation;
  const question = bubble("You", "you");
  make("p", shown, "", question);
  log.scrollTop = log.scrollHeight;
  if (typed) field.value = "";
  error.textContent = news.textContent = "";
  setWaiting(true);
  const result = await ask(message).catch((problem) => problem);
  if (asked !== conversation) return; // a new conversation was begun meanwhile
  setWaiting(false);
  if (result instanceof Error) {
    question.remove();
    if (typed) field.value = [message, field.value].filter(Boolean).join(" ");
    error.textContent = result.message;
    return;
  }
  log.querySelectorAll("fieldset").forEach((choices) => { choices.disabled = true; });
  const replies = result.map(draw);
  log.scrollTop = question.offsetTop - 8; // a long reply is read from its beginning
  news.textContent = replies.map((reply) => reply.innerText).join("\n");
}

function draw(message) {
  const reply = bubble("Assistant", "assistant");
  const answer = message.custom?.answer;
  if (answer) drawAnswer(answer, reply);
  else make("p", message.text, "", reply);
  if (!answer && message.buttons?.length) drawChoices("", message.buttons, false, reply);
  return reply;
}

function drawAnswer(answer, reply) {
  if (VERDICTS[answer.verdict]) make("p", VERDICTS[answer.verdict], `verdict ${answer.verdict}`, reply);
  // Of several questions `statements` holds all that is quoted, `further` what of it answers the second and third.
  const further = answer.further ?? [];
  const others = further.flatMap((block) => block.statements).length;
  drawBlock(answer.lead, (answer.statements ?? []).slice(0, (answer.statements?.length ?? 0) - others), reply);
  for (const block of further) drawBlock(block.lead, block.statements, reply);
  for (const { text } of answer.warnings ?? []) {
    const box = make("div", "", "warning", reply);
    const title = make("p", "", "", box);
    make("span", "⚠\uFE0E ", "", title).ariaHidden = "true";
    make("strong", "Warning", "", title);
    make("p", text, "", box);
  }
  if (answer.closing?.length) make("p", answer.closing.join(" "), "", reply);
  const { question, related } = answer;
  if (question) drawChoices(question.text, question.options ?? [], question.multiple, reply);
  if (answer.sources?.length) {
    const list = make("ul", "", "sources", reply);
    for (const { title, section } of answer.sources) make("li", `Source: ${title}, ${section}`, "", list);
  }
  if (answer.contact) {
    const { name, whatsapp } = answer.contact;
    const link = make("a", `${name} on WhatsApp: ${whatsapp}`, "", make("p", "", "", reply));
    link.href = `https://wa.me/${whatsapp.replace(/\D/g, "")}`;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  if (!question && related?.length) drawChoices("More on this", related, false, reply);
}

function drawBlock(lead, statements, reply) {
  if (lead?.length) make("p", lead.join(" "), "", reply);
  let last;
  for (const { text, document: of, section } of statements) {
    if (last?.key === `${of}#${section}`) last.paragraph.textContent += ` ${text}`;
    else last = { key: `${of}#${section}`, paragraph: make("p", text, "", reply) };
  }
}

function drawChoices(text, options, multiple, reply) {
  if (!options.length) return void make("p", text, "", reply);
  const choices = make("fieldset", "", "", reply);
  make("legend", text || "Choose", text ? "" : "unseen", choices);
  const row = make("div", "", multiple ? "many" : "one", choices);
  for (const { title, payload } of options) {
    if (multiple) {
      const label = make("label", "", "", row);
      Object.assign(make("input", "", "", label), { type: "checkbox", value: title });
      make("span", title, "", label);
    } else button(title, row, () => say(payload ?? title, title));
  }
  if (!multiple) return;
  button("Send", choices, () => {
    const chosen = [...row.querySelectorAll(":checked")].map((box) => box.value).join(", ");
    if (chosen) say(chosen, chosen);
    else error.textContent = "Please choose at least one, or type your answer.";
  });
}

function button(title, parent, action) {
  const element = make("button", title, "", parent);
  element.type = "button";
  element.addEventListener("click", action);
}

function begin() {
  conversation = crypto.randomUUID();
  sessionStorage.setItem("conversation", conversation);
  setWaiting(false);
  log.replaceChildren();
  error.textContent = news.textContent = "";
  field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (text) say(text, text, true);
  else field.focus();
});
document.getElementById("new").addEventListener("click", begin);
if (conversation) make("p", "Your conversation goes on; earlier messages are not shown.", "note", log);
else begin();
