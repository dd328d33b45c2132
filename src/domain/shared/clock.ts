/** Where "now" comes from. Injected everywhere, so that a test, a replay or a simulation can stand at any moment. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** The one text form of an instant in the API, the ledger and stored JSON: RFC 3339, UTC, milliseconds, Z. */
export const instantText = (epochMs: number): string => new Date(epochMs).toISOString();
