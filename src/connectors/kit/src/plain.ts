/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Whatever crosses between hub and connector: JSON and nothing else, so that it can be stored and cloned. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** RFC 3339 with an offset; what the kit makes is UTC with milliseconds and Z. */
export type Instant = string;

/** ISO 8601 duration of days and smaller: `PT5M`, `PT24H`, `P1D`. */
export type Duration = string;

/** `YYYY-MM-DD`. */
export type Day = string;
