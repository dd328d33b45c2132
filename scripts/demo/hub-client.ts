import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** A caller of the hub's public door, under one API key. */
export class HubClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  withKey(key: string): HubClient {
    return new HubClient(this.#url, key);
  }

  /** The answer's data; a fault ends the demo with what the hub said. */
  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#key}`, 'accept-language': 'en' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (errors || !data)
      throw new Error(`The hub answered: ${errors?.map((error) => error.message).join('; ') ?? `status ${response.status}`}`);
    return data;
  }

  /** The cursor before the first event. */
  async start(): Promise<string> {
    return (await this.ask<{ ledger: { endCursor: string } }>('{ ledger(first: 0) { endCursor } }')).ledger.endCursor;
  }

  /** The cursor of now, however long the book is: that of an event put in for the purpose. */
  async begin(): Promise<string> {
    const input = { idempotencyKey: randomUUID(), name: 'demo.begins' };
    const { recordEvent } = await this.ask<{ recordEvent: { cursor: string } }>(
      'mutation ($input: RecordEventInput!) { recordEvent(input: $input) { cursor } }',
      { input },
    );
    return recordEvent.cursor;
  }

  /** The ledger from a cursor on (null = from now), live, until `signal` aborts. */
  async *ledger(after: string | null, signal: AbortSignal): AsyncGenerator<LedgerEvent> {
    const client = createClient({
      url: `${this.#url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.#key}` },
      lazy: true,
    });
    const events = client.iterate<{ ledger: LedgerEvent }>({
      query:
        'subscription ($after: String) { ledger(after: $after) { cursor position type at code campaignId customerId orderSource amount { minor currency } store { name } data } }',
      variables: { after },
    });
    signal.addEventListener('abort', () => void client.dispose());
    for await (const { data, errors } of events) {
      if (signal.aborted) return;
      if (errors || !data) throw new Error(`The subscription was answered: ${errors?.map((error) => error.message).join('; ')}`);
      yield data.ledger;
    }
  }
}

export interface LedgerEvent {
  readonly cursor: string;
  readonly position: number;
  readonly type: string;
  readonly at: string;
  readonly code: string | null;
  readonly campaignId: string | null;
  readonly customerId: string | null;
  readonly orderSource: string | null;
  readonly amount: { readonly minor: number; readonly currency: string } | null;
  readonly store: { readonly name: string } | null;
  readonly data: Readonly<Record<string, unknown>>;
}
