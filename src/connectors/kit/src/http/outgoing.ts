import type { Connector } from '../connector.ts';
import type { Call } from '../context.ts';
import { CallError } from '../failure.ts';
import { HOST_FAULTS, type HostLeave, resolveHost } from './hosts.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

/** A call as it leaves the house. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

type Templates = Readonly<Record<string, string>> | undefined;

function filled(templates: Templates, values: TemplateValues): Record<string, string> {
  const entries = Object.entries(templates ?? {}).map(([name, template]) => [name.toLowerCase(), fillTemplate(template, values)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** A call without its credential would only earn a 401, and may tell a stranger what we wanted. */
function credential(templates: Templates, values: TemplateValues): Record<string, string> {
  const entries = filled(templates, values);
  if (Object.keys(entries).length === Object.keys(templates ?? {}).length) return entries;
  throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The credential has not been entered.' });
}

function addressOf(connector: Connector, call: Call, values: TemplateValues, leave: HostLeave): URL {
  const host = resolveHost(connector, call.host ?? 'api', values, leave);
  if (!host.ok)
    throw new CallError({ code: host.fault === 'HOST_UNKNOWN' ? 'NOT_SUPPORTED' : 'BAD_CREDENTIALS', message: HOST_FAULTS[host.fault] });
  if (call.path !== '' && !/^\/(?!\/)/.test(call.path))
    throw new CallError({ code: 'NOT_SUPPORTED', message: 'A path begins with one slash.' });
  const url = new URL(host.base);
  const [pathname = '', search = ''] = call.path.split('?', 2);
  if (pathname !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}${pathname}`;
  for (const [name, value] of new URLSearchParams(search)) url.searchParams.append(name, value);
  const query = { ...call.query, ...credential(connector.auth.place.query, values) };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function bodyOf(call: Call): { readonly bytes: Uint8Array; readonly type: string } | undefined {
  if (call.json !== undefined) return { bytes: Buffer.from(JSON.stringify(call.json)), type: 'application/json' };
  if (call.form === undefined) return undefined;
  return { bytes: Buffer.from(new URLSearchParams(call.form).toString()), type: 'application/x-www-form-urlencoded' };
}

export const methodOf = (call: Call): string => call.method ?? (call.json === undefined && call.form === undefined ? 'GET' : 'POST');

/** Address, headers, credential and body of a call. Throws `CallError` where something is missing or not allowed. */
export function outgoing(connector: Connector, call: Call, values: TemplateValues, leave: HostLeave): Outgoing {
  const body = bodyOf(call);
  const own = Object.fromEntries(Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = {
    accept: call.as === 'text' ? '*/*' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `Valehub (${connector.id})`,
    ...(body ? { 'content-type': body.type } : {}),
    ...filled(connector.headers, values),
    ...own,
    ...(body ? { 'content-length': String(body.bytes.length) } : {}),
    ...credential(connector.auth.place.headers, values),
  };
  return { method: methodOf(call), url: addressOf(connector, call, values, leave), headers, ...(body ? { body: body.bytes } : {}) };
}
