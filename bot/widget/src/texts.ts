// All words of the widget itself are in texts.json; a page may name a translated copy of it.

import { record } from "./answer";
import own from "./texts.json";

export type Texts = typeof own;
export const english: Texts = own;

/** The texts of a file of the page's; English where it cannot be read, and for each text that it lacks. */
export async function translated(address: string): Promise<Texts> {
  try {
    const response = await fetch(new URL(address, document.baseURI));
    const found = record(await response.json());
    const verdicts = { ...own.verdicts, ...strings(record(found.verdicts)) };
    return { ...own, ...strings(found), verdicts } as Texts;
  } catch (error) {
    console.warn(`The assistant's texts cannot be read from ${address}: ${String(error)}`);
    return own;
  }
}

const strings = (found: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "string"));

/** A text with its {names} filled in. */
export const filled = (text: string, values: object): string =>
  text.replace(/{(\w+)}/g, (_, name: string) => String((values as Record<string, unknown>)[name] ?? ""));
