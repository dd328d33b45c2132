import { createHmac } from 'node:crypto';
import type { CallPart, Signing } from '../auth/signing.ts';
import { CallError } from '../failure.ts';
import { keyBytes } from '../key-bytes.ts';
import type { Outgoing } from './outgoing.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

function timeText(unit: Signing['time'], nowMs: number): string {
  if (unit === 'iso') return new Date(nowMs).toISOString();
  return String(unit === 'ms' ? nowMs : Math.floor(nowMs / 1000));
}

function partOf(call: Outgoing, part: CallPart, time: string): Uint8Array {
  switch (part) {
    case 'method':
      return Buffer.from(call.method);
    case 'url':
      return Buffer.from(call.url.href);
    case 'path':
      return Buffer.from(`${call.url.pathname}${call.url.search}`);
    case 'body':
      return call.body ?? new Uint8Array();
    case 'time':
      return Buffer.from(time);
    default: {
      const text = 'text' in part ? part.text : call.headers[part.header.toLowerCase()];
      if (text === undefined) throw new CallError({ code: 'NOT_SUPPORTED', message: 'A header that is signed is missing on the call.' });
      return Buffer.from(text);
    }
  }
}

/** All secrets that sign. A call without its signature would only be refused, and may tell a stranger what we wanted. */
function keysOf({ keys }: Signing, { secrets }: TemplateValues): readonly Buffer[] {
  return keys.flatMap((key, index) => {
    const value = secrets[key.secret];
    if (value !== undefined) return [keyBytes(key, value)];
    if (index > 0) return [];
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The key with which calls are signed has not been entered.' });
  });
}

/** The call with its signature, over the very bytes that are sent. */
export function signCall(call: Outgoing, signing: Signing, values: TemplateValues, nowMs: number): Outgoing {
  const time = timeText(signing.time, nowMs);
  const bytes = Buffer.concat(signing.signed.map((part) => partOf(call, part, time)));
  const { each, between } = signing.form ?? { each: '{signature}', between: ',' };
  const signatures = keysOf(signing, values)
    .map((key) => each.replace('{signature}', () => createHmac(signing.hash, key).update(bytes).digest(signing.encoding)))
    .join(between);
  const headers = Object.entries(signing.headers).map(([name, template]) => {
    const told = fillTemplate(
      template.replaceAll('{time}', time).replaceAll('{signatures}', () => signatures),
      values,
    );
    if (told === undefined) throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The credential has not been entered.' });
    return [name.toLowerCase(), told] as const;
  });
  return { ...call, headers: { ...call.headers, ...Object.fromEntries(headers) } };
}
