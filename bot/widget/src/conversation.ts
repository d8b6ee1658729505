// One conversation: what was said, what waits to be sent, and what stands in the way. It knows nothing of the page.

import { record, text } from "./answer";
import { type Api, ApiError, json } from "./api";
import { type ContactCard, type Handover, type Message, type Pending } from "./messages";
import { parsed, readContact, readHandover, readHistory, readMessage, readOutbox } from "./messages";
import { alone, load, save, uuid, watch } from "./storage";

export type Trouble = "offline" | "failing" | "busy";
export type Happening = Message[] | Trouble | "slow";

const SLOW = 8_000; // milliseconds
const LONGEST_PAUSE = 10_000;
const LOOK = 5_000; // between two looks for what a person says
const LOOK_LATER = 20_000; // while nobody is there
const LONGEST_LOOK = 60_000; // when looking fails

export class Conversation {
  messages: Message[] = [];
  pending: Pending[] = [];
  trouble: Trouble | null = null;
  slow = false;
  lost = false; // the server knew the old token no more
  forgotten = false;
  historyFailed = false;
  shortened = false; // the history has more than was sent
  sessionNotice = ""; // of the server, about how long this conversation lasts
  contact: ContactCard | null = null;
  handover: Handover = readHandover(load("handover"));
  news = 0; // how many messages of persons, and notices, there are

  #pumping = false;
  #attempts = 0;
  #timer = 0;
  #looking = 0; // the timer of the next look for news
  #missed = 0; // looks in a row that failed
  #version = 0; // of what is known here: a history asked for before is older

  /**
   * @param changed called after each change
   * @param said called with what was said here or by a person, also when only `handover` has changed; with a new
   *   `trouble`; and when it gets slow
   */
  constructor(
    private readonly api: Api,
    private readonly changed: () => void,
    private readonly said: (event: Happening) => void,
  ) {
    this.#readOutbox();
    this.contact = readContact(parsed(load("contact")));
    watch((key) => void this.#elsewhere(key));
    addEventListener("online", () => void this.retry());
    // A page that the back button brings back has slept meanwhile.
    document.addEventListener("visibilitychange", () => void this.#look());
    addEventListener("pageshow", ({ persisted }) => persisted && void this.loadHistory());
  }

  get begun(): boolean {
    return load("token") !== null;
  }

  /** Load what is shown, and send what waits. */
  async start(): Promise<void> {
    void this.#loadContact();
    await this.loadHistory();
    void this.#pump();
  }

  async loadHistory(): Promise<void> {
    clearTimeout(this.#looking);
    const token = load("token");
    const version = this.#version;
    if (!token) return;
    try {
      const data = record(await json(await this.api.get("history", token)));
      if (token !== load("token")) return; // forgotten meanwhile
      if (version !== this.#version) return this.loadHistory();
      const known = new Set(this.messages.map(({ id }) => id));
      const before = this.handover;
      this.messages = readHistory(data.messages);
      this.shortened = Boolean(data.more);
      this.historyFailed = false;
      this.news = Number(data.news) || 0;
      this.#setHandover(data.handover);
      const others = this.messages.filter(({ id, from }) => id && from !== "customer" && !known.has(id));
      if (known.size && (others.length || before !== this.handover)) this.said(others);
      // Answered while this page was gone: the reply is there, nothing is left to send.
      const answered = new Set(this.messages.map(({ passedOn, id, replyTo }) => (passedOn ? id : replyTo)));
      if (this.pending.some(({ id }) => answered.has(id))) {
        this.#writeOutbox((outbox) => outbox.filter(({ id }) => !answered.has(id)));
      }
    } catch (error) {
      if (unknownSession(error)) this.#lose(token);
      else this.historyFailed = true;
    }
    this.changed();
    this.#lookAgain();
  }

  /** Say something, or choose options of an answer; `shown` is what the customer reads of it. The message's id. */
  say(shown: string, chosen?: { answer: string; options: string[] }): string {
    this.forgotten = false;
    const message: Pending = { id: uuid(), text: shown, time: new Date().toISOString(), ...(chosen && { chosen }) };
    this.#writeOutbox((outbox) => [...outbox, message]);
    void this.retry();
    return message.id;
  }

  /** Take a refused message back, to be changed; its text. */
  takeBack(message: Pending): string {
    this.#writeOutbox((outbox) => outbox.filter(({ id }) => id !== message.id));
    return message.text;
  }

  /** Send a refused message again, as a new one. */
  again(message: Pending): void {
    const { id, refused: _, ...kept } = message;
    this.#writeOutbox((outbox) => outbox.map((other) => (other.id === id ? { ...kept, id: uuid() } : other)));
    void this.retry();
  }

  /** Send what waits now. */
  async retry(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.historyFailed) await this.loadHistory();
    await this.#pump();
  }

  /** Rate an answer; throws ApiError. */
  async rate(answer: string, rating: "up" | "down" | null, comment?: string): Promise<void> {
    const rated = () => this.messages.find((message) => message.answer?.id === answer);
    const before = rated()?.rating ?? null;
    const set = (value: string | null) => {
      const message = rated();
      if (message) message.rating = value;
      this.changed();
    };
    set(rating);
    try {
      await this.api.post("rating", { answer, rating, ...(comment && { comment }) }, load("token"));
      this.#tellOthers();
    } catch (error) {
      set(before);
      throw error;
    }
  }

  /** Delete the conversation here and on the server; throws ApiError. */
  async forget(): Promise<void> {
    const token = load("token");
    if (token) {
      try {
        await this.api.post("forget", {}, token);
      } catch (error) {
        if (!unknownSession(error)) throw error;
      }
    }
    save("outbox", null);
    save("token", null);
    this.#empty();
    this.forgotten = true;
    this.changed();
  }

  /** The conversation as a file and its name; throws ApiError. */
  async download(): Promise<[Blob, string]> {
    const response = await this.api.get("download", load("token"));
    const name = /filename="?([\w.-]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
    return [await response.blob(), name ?? "conversation.json"];
  }

  // Messages go one after the other; each stays in the outbox until its reply is here.
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    clearTimeout(this.#timer);
    try {
      while (this.pending.some(({ refused }) => !refused)) {
        this.changed();
        await alone(() => this.#sendNext());
      }
    } catch (error) {
      this.#wait(error);
    } finally {
      this.#pumping = false;
      this.slow = false;
      this.changed();
    }
  }

  async #sendNext(): Promise<void> {
    this.#readOutbox(); // another tab may have sent it
    const next = this.pending.find(({ refused }) => !refused);
    if (!next) return;
    const slow = setTimeout(() => {
      this.slow = true;
      this.said("slow");
      this.changed();
    }, SLOW);
    const known = load("token");
    try {
      const token = known ?? (await this.#newSession());
      const body = next.chosen ? { id: next.id, chosen: next.chosen } : { id: next.id, text: next.text };
      const data = record(await this.api.post("message", body, token));
      if (load("token") !== token) return; // forgotten meanwhile
      this.#received(next, data);
    } catch (error) {
      if (unknownSession(error) && known) {
        this.#lose(known);
        // What was chosen belongs to an answer of the old conversation: its words are sent.
        this.#writeOutbox((outbox) => outbox.map(({ chosen: _, ...message }) => message));
      } else if (error instanceof ApiError && !error.passing && !unknownSession(error)) {
        const reason = error.message || String(error.status);
        this.#writeOutbox((outbox) => outbox.map((m) => (m.id === next.id ? { ...m, refused: reason } : m)));
      } else throw error;
    } finally {
      clearTimeout(slow);
    }
  }

  async #newSession(): Promise<string> {
    const data = record(await this.api.post("session", {}));
    const token = text(data.token);
    if (!token) throw new ApiError(0);
    save("token", token);
    this.sessionNotice = text(data.notice);
    return token;
  }

  #received(sent: Pending, data: Record<string, unknown>): void {
    const passed_on = data.reply === null;
    const reply = readMessage({ ...record(data.reply), from: "assistant", reply_to: sent.id });
    if (!passed_on && !reply.text && !reply.answer) throw new ApiError(0);
    const asked = { from: "customer", id: sent.id, text: text(data.text) || sent.text, time: sent.time, passed_on };
    const others = this.messages.filter(({ id, replyTo }) => id !== sent.id && replyTo !== sent.id);
    const replies = passed_on ? [] : [reply];
    this.messages = [...others, readMessage(asked), ...replies];
    this.#setHandover(data.handover);
    this.trouble = null;
    this.#attempts = 0;
    this.slow = false;
    this.#writeOutbox((outbox) => outbox.filter(({ id }) => id !== sent.id));
    this.#tellOthers();
    this.said(replies);
    this.#lookAgain();
  }

  #setHandover(value: unknown): void {
    this.handover = readHandover(value);
    save("handover", this.handover || null); // so that the next page looks for news, its panel open or not
  }

  /** Look for what a person says, by and by, while one has the conversation and somebody sees this page. */
  #lookAgain(): void {
    clearTimeout(this.#looking);
    const pause = (this.handover === "away" ? LOOK_LATER : LOOK) * 2 ** this.#missed;
    if (this.handover) this.#looking = setTimeout(() => void this.#look(), Math.min(pause, LONGEST_LOOK));
  }

  async #look(): Promise<void> {
    if (!this.handover || document.hidden) return; // when the page is shown again, it looks at once
    try {
      const { news, handover } = record(await json(await this.api.get("news", load("token"))));
      if (Number(news) !== this.news || readHandover(handover) !== this.handover) await this.loadHistory();
      this.#missed = this.historyFailed ? this.#missed + 1 : 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) return this.loadHistory(); // which tells the customer
      this.#missed++;
    }
    this.#lookAgain();
  }

  #wait(error: unknown): void {
    const { status, retryAfter } = error instanceof ApiError ? error : new ApiError(0);
    const trouble = status === 429 ? "busy" : navigator.onLine ? "failing" : "offline";
    if (trouble !== this.trouble) this.said(trouble);
    this.trouble = trouble;
    const pause = Math.max(retryAfter * 1000, Math.min(1000 * 2 ** this.#attempts++, LONGEST_PAUSE));
    this.#timer = setTimeout(() => void this.retry(), pause);
  }

  async #loadContact(): Promise<void> {
    try {
      const data = await json(await this.api.get("contact"));
      this.contact = readContact(data);
      save("contact", JSON.stringify(data));
      this.changed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the one kept from last time stays
    }
  }

  async #elsewhere(key: string | null): Promise<void> {
    if (key === null || (key === "token" && !load("token"))) {
      this.#empty();
      this.changed();
    } else if (key === "token" || key === "changed") await this.loadHistory();
    else if (key === "outbox") {
      this.#readOutbox();
      this.changed();
      void this.#pump();
    }
  }

  #lose(token: string): void {
    if (load("token") !== token) return; // another tab knows already
    save("token", null);
    this.lost = true;
    this.historyFailed = false;
    this.messages = [];
    this.#nobody();
  }

  #nobody(): void {
    clearTimeout(this.#looking);
    this.#setHandover("");
    this.news = 0;
  }

  #empty(): void {
    clearTimeout(this.#timer);
    this.messages = [];
    this.pending = [];
    this.trouble = null;
    this.#attempts = 0;
    this.lost = this.historyFailed = this.shortened = false;
    this.#nobody();
  }

  #readOutbox(): void {
    this.pending = readOutbox(parsed(load("outbox")));
  }

  #writeOutbox(change: (outbox: Pending[]) => Pending[]): void {
    this.#readOutbox();
    this.pending = change(this.pending);
    save("outbox", this.pending.length ? JSON.stringify(this.pending) : null);
    this.changed();
  }

  #tellOthers(): void {
    this.#version++;
    save("changed", uuid());
  }
}

const unknownSession = (error: unknown) => error instanceof ApiError && error.status === 401;
