import { isUtf8 } from 'node:buffer';
import type { JsonError } from '../json.ts';
import { parseExactJson } from '../json.ts';
import type { Plain } from '../plain.ts';
import type { Place, SignatureList } from '../verification.ts';

/** A request as it came in. */
export interface IncomingRequest {
  readonly method: string;
  /** The address as it was registered at the platform; that string is what platforms sign. */
  readonly url: string;
  /** What stood after `?` in the address that was really called. */
  readonly query: string;
  /** In the order received, doubles and all. `pairHeaders` makes it of Node's `rawHeaders`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The raw bytes. */
  readonly body: Uint8Array;
}

/** Node's flat list of names and values as pairs. */
export function pairHeaders(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return pairs;
}

export function headerValues(request: IncomingRequest, name: string): string[] {
  const wanted = name.toLowerCase();
  return request.headers.filter(([header]) => header.toLowerCase() === wanted).map(([, value]) => value);
}

/** Undefined where it is no UTF-8: JSON and forms are, and a replaced character could hide a double. */
export function bodyText(request: IncomingRequest): string | undefined {
  return isUtf8(request.body) ? Buffer.from(request.body).toString('utf8') : undefined;
}

export const mediaType = (request: IncomingRequest): string =>
  (headerValues(request, 'content-type')[0] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Found once, not at all, or more than once: a double is never resolved by choosing. */
export type Found = { readonly value: string } | 'missing' | 'doubled';

const one = (values: readonly string[]): Found => {
  const [value] = values;
  if (value === undefined) return 'missing';
  return values.length > 1 ? 'doubled' : { value };
};

export function findAt(request: IncomingRequest, place: Place): Found {
  if ('query' in place) return one(new URLSearchParams(request.query).getAll(place.query));
  if ('field' in place) return findField(request, place.field);
  const named = one(headerValues(request, 'header' in place ? place.header : place.headerField));
  const found = named === 'missing' && 'header' in place && place.or !== undefined ? one(headerValues(request, place.or)) : named;
  if (found === 'missing' || found === 'doubled') return found;
  if ('headerField' in place) {
    const fields = found.value.split(',').map((field) => field.trim());
    return one(fields.filter((field) => field.startsWith(`${place.name}=`)).map((field) => field.slice(place.name.length + 1)));
  }
  if (place.after === undefined) return found;
  return found.value.startsWith(place.after) ? { value: found.value.slice(place.after.length) } : 'missing';
}

/** The signatures that are to be tried: one, or those of a list that have its mark. */
export function findSignatures(
  request: IncomingRequest,
  place: Place | SignatureList,
): { readonly values: readonly string[] } | 'missing' | 'doubled' {
  const found = 'headerList' in place ? one(headerValues(request, place.headerList)) : findAt(request, place);
  if (found === 'missing' || found === 'doubled') return found;
  if (!('headerList' in place)) return { values: [found.value] };
  const marked = found.value.split(' ').filter((item) => item.startsWith(place.after));
  return marked.length === 0 ? 'missing' : { values: marked.map((item) => item.slice(place.after.length)) };
}

function findField(request: IncomingRequest, name: string): Found {
  const text = bodyText(request);
  if (text === undefined) return 'missing';
  if (mediaType(request) === 'application/x-www-form-urlencoded') return one(new URLSearchParams(text).getAll(name));
  const body = tryJson(text);
  if (body === undefined || body === null || typeof body !== 'object' || Array.isArray(body)) return 'missing';
  const value = Object.hasOwn(body, name) ? (body as { readonly [key: string]: Plain })[name] : undefined;
  if (typeof value === 'string') return { value };
  return typeof value === 'number' || typeof value === 'boolean' ? { value: String(value) } : 'missing';
}

/** Undefined where it is no JSON that the hub takes. */
export function tryJson(text: string): Plain | undefined {
  try {
    return parseExactJson(text);
  } catch (cause) {
    if ((cause as JsonError).name === 'JsonError') return undefined;
    throw cause;
  }
}
