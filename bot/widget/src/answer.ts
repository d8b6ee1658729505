// The payload of a reply (docs/architecture.md), read with care: what is missing or of another type is left out.

export interface Cited {
  text: string;
  document: string;
  section: string;
}
export interface Option {
  id: string;
  title: string;
}
export interface Block {
  lead: string[];
  statements: Cited[];
}
export interface Source {
  title: string;
  section: string;
  url: string | null;
  quotes: string[];
}
export interface Contact {
  name: string;
  whatsapp: string;
}
export interface Answer {
  id: string;
  kind: string;
  verdict: string;
  blocks: Block[];
  warnings: Cited[];
  closing: string[];
  sources: Source[];
  related: Option[];
  question: { text: string; options: Option[]; multiple: boolean } | null;
  contact: Contact | null;
}

type Data = Record<string, unknown>;

export const record = (value: unknown): Data =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const texts = (value: unknown): string[] => list(value).map(text).filter(Boolean);
const cited = (value: unknown): Cited[] =>
  list(value)
    .map(record)
    .map((said) => ({ text: text(said.text), document: text(said.document), section: text(said.section) }))
    .filter((said) => said.text);
const options = (value: unknown): Option[] =>
  list(value)
    .map(record)
    .map(({ id, title }) => ({ id: text(id), title: text(title) }))
    .filter(({ title }) => title);

/** An address that may become a link: http and https alone. */
export function address(value: unknown): string | null {
  try {
    const url = new URL(text(value));
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export const whatsappLink = (number: string): string => `https://wa.me/${number.replace(/\D/g, "")}`;

const place = ({ document, section }: Cited) => `${document}#${section}`;

/** The answer of a message, null where there is none. */
export function readAnswer(value: unknown): Answer | null {
  const data = record(value);
  if (!text(data.kind)) return null;
  const statements = cited(data.statements);
  const warnings = cited(data.warnings);
  const further = list(data.further).map((block) => ({
    lead: texts(record(block).lead),
    statements: cited(record(block).statements),
  }));
  // `statements` has those of `further` too, at its end.
  const others = further.flatMap((block) => block.statements).length;
  const first = { lead: texts(data.lead), statements: statements.slice(0, statements.length - others) };
  // A source has no id of its section: the server lists the sections in the order in which they are quoted.
  const quoted = [...statements, ...warnings.filter((warning) => warning.section)];
  const places = [...new Set(quoted.map(place))];
  const sources = list(data.sources).map((value, index): Source => {
    const source = record(value);
    return {
      title: text(source.title),
      section: text(source.section),
      url: address(source.url),
      quotes: [...new Set(quoted.filter((said) => place(said) === places[index]).map((said) => said.text))],
    };
  });
  const question = data.question ? record(data.question) : null;
  const contact = record(data.contact);
  return {
    id: text(data.id),
    kind: text(data.kind),
    verdict: text(data.verdict),
    blocks: [first, ...further],
    warnings,
    closing: texts(data.closing),
    sources,
    related: options(data.related),
    question: question && {
      text: text(question.text),
      options: options(question.options),
      multiple: question.multiple === true,
    },
    contact: text(contact.whatsapp) ? { name: text(contact.name), whatsapp: text(contact.whatsapp) } : null,
  };
}
