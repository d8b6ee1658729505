// The web channel's protocol over fetch.

import { record, text } from "./answer";

const WAIT = 60_000; // milliseconds

/** What went wrong: `status` 0 where the server was not reached; `code` and message are the server's. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code = "",
    message = "",
    readonly retryAfter = 0, // seconds
  ) {
    super(message);
  }

  /** Whether the same request can succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  /** @param base the folder from which widget.js was loaded: the assistant's address. */
  constructor(private readonly base: string) {}

  async get(path: string, token?: string | null): Promise<Response> {
    return this.#fetch(path, token);
  }

  async post(path: string, body: object, token?: string | null): Promise<unknown> {
    const response = await this.#fetch(path, token, body);
    if (response.status === 204) return null;
    return json(response);
  }

  async #fetch(path: string, token?: string | null, body?: object): Promise<Response> {
    const headers: Record<string, string> = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const init: RequestInit = {
      method: body ? "POST" : "GET",
      headers,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(WAIT),
      ...(body && { body: JSON.stringify(body) }),
    };
    let response: Response;
    try {
      response = await fetch(`${this.base}webhooks/web/${path}`, init);
    } catch {
      throw new ApiError(0);
    }
    if (response.ok) return response;
    const error = record(record(await json(response).catch(() => null)).error);
    const after = Number(response.headers.get("Retry-After")) || 0;
    throw new ApiError(response.status, text(error.code), text(error.message), after);
  }
}

/** The JSON of a response; one that was cut off or is none at all counts as not reached. */
export async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError(0);
  }
}
