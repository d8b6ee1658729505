// What a conversation is made of, read with care from what the server sends and the browser has kept.

import { type Answer, address, list, readAnswer, record, text } from "./answer";

export interface Message {
  from: "customer" | "assistant" | "person" | "notice";
  id: string;
  text: string;
  time: string;
  answer: Answer | null;
  rating: string | null;
  replyTo: string;
  name: string; // of the person
  passedOn: boolean; // to a person, in place of an answer
}
const FROM = ["customer", "person", "notice"] as const;
const HANDOVER = ["asked", "taken", "away"] as const;
/** Whom the conversation is with: a person was asked for, is there, or will be; "" for the assistant alone. */
export type Handover = (typeof HANDOVER)[number] | "";

export interface Pending {
  id: string;
  text: string; // what the customer sees; sent, unless something was chosen
  chosen?: { answer: string; options: string[] };
  time: string;
  refused?: string; // the server's reason; it is not sent again by itself
}
export interface ContactCard {
  name: string;
  whatsapp: string;
  link: string;
  notice: string;
}
/** What a text of the browser's store holds, null where it cannot be read. */
export function parsed(value: string | null): unknown {
  try {
    return JSON.parse(value ?? "null");
  } catch {
    return null;
  }
}

export function readMessage(value: unknown): Message {
  const data = record(value);
  return {
    from: FROM.find((from) => from === data.from) ?? "assistant",
    id: text(data.id),
    text: text(data.text),
    time: text(data.time),
    answer: readAnswer(data.answer),
    rating: text(data.rating) || null,
    replyTo: text(data.reply_to),
    name: text(data.name),
    passedOn: data.passed_on === true,
  };
}

export const readHandover = (value: unknown): Handover =>
  HANDOVER.find((state) => state === value) ?? "";

/** The person to ask; none without an address that may be linked. */
export function readContact(value: unknown): ContactCard | null {
  const data = record(value);
  const link = address(data.link);
  if (!link) return null;
  return { name: text(data.name), whatsapp: text(data.whatsapp), link, notice: text(data.notice) };
}

export const readHistory = (value: unknown): Message[] => list(value).map(readMessage);

export const readOutbox = (value: unknown): Pending[] =>
  list(value)
    .map(record)
    .filter(({ id, text: said }) => text(id) && text(said)) as unknown as Pending[];
