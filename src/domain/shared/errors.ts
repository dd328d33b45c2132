/**
 * The closed table of the API's faults: something is wrong with the request, the caller or the hub.
 * A refusal of a voucher is no fault; it is a `Rejection` with a reason (reasons.ts).
 */
export const FAULTS = {
  UNAUTHENTICATED: { httpStatus: 401 },
  FORBIDDEN: { httpStatus: 200 },
  BAD_USER_INPUT: { httpStatus: 200 },
  NOT_FOUND: { httpStatus: 200 },
  CONFLICT: { httpStatus: 200 },
  TOO_COMPLEX: { httpStatus: 400 },
  /** Only the hash of a document came, and it is not known here: send it with the text. */
  PERSISTED_QUERY_NOT_FOUND: { httpStatus: 200 },
  RATE_LIMITED: { httpStatus: 429 },
  UNAVAILABLE: { httpStatus: 200 },
  INTERNAL: { httpStatus: 200 },
} as const;

export type FaultCode = keyof typeof FAULTS;

/** One fault of form: `path` as the caller wrote it, e.g. `input.order.lines[0].quantity`. */
export interface InputFault {
  path: string;
  message: string;
}

export class HubError extends Error {
  readonly code: FaultCode;
  readonly faults: readonly InputFault[];

  constructor(code: FaultCode, message: string, faults: readonly InputFault[] = []) {
    super(message);
    this.name = 'HubError';
    this.code = code;
    this.faults = faults;
  }
}

/** A fault of form; with several, the message of the first is the headline. */
export function badInput(...faults: [InputFault, ...InputFault[]]): HubError {
  return new HubError('BAD_USER_INPUT', faults[0].message, faults);
}

export const notFound = (what: string, id: string): HubError => new HubError('NOT_FOUND', `There is no ${what} with id ${id}.`);
export const forbidden = (message: string): HubError => new HubError('FORBIDDEN', message);
export const conflict = (message: string): HubError => new HubError('CONFLICT', message);
