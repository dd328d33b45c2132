import { isIP } from 'node:net';
import type { Connector } from '../connector.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

export type HostFault =
  | 'HOST_UNKNOWN'
  | 'HOST_INCOMPLETE'
  | 'HOST_NOT_AN_ADDRESS'
  | 'HOST_NOT_ALLOWED'
  | 'HOST_NOT_ENCRYPTED'
  | 'HOST_PRIVATE';

/** For a person; none of them repeats the address, as it may be a secret. */
export const HOST_FAULTS: Readonly<Record<HostFault, string>> = {
  HOST_UNKNOWN: 'The connector calls a host that it has not declared.',
  HOST_INCOMPLETE: 'A setting that the address of the platform is made of is missing.',
  HOST_NOT_AN_ADDRESS: 'The address of the platform is not an http or https address.',
  HOST_NOT_ALLOWED: 'The address of the platform is none of those that the connector may call.',
  HOST_NOT_ENCRYPTED: 'The address of the platform is not https.',
  HOST_PRIVATE: 'The address of the platform is in a private network; an operator has to allow that.',
};

export type ResolvedHost = { readonly ok: true; readonly base: URL } | { readonly ok: false; readonly fault: HostFault };

const fits = (host: string, pattern: string): boolean =>
  pattern === '*'
    ? true
    : pattern.startsWith('*.')
      ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
      : host === pattern;

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  return url;
}

const literalAddress = (url: URL): string | undefined => {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
};

export interface HostLeave {
  readonly allowPrivateHosts: boolean;
  readonly isPrivate: (address: string) => boolean;
}

/** Whether a link out of a reply leads to where a call to that host would have gone anyway. */
export const leadsTo = (link: string, base: URL, rule: Connector['hosts'][string]): boolean => {
  const url = parseUrl(link);
  if (!url) return false;
  return (
    url.origin === base.origin ||
    (url.protocol === 'https:' && (rule.allow ?? []).some((pattern) => pattern !== '*' && fits(url.hostname, pattern)))
  );
};

/**
 * The address of one of the connector's hosts. `apiBaseUrl` takes the place of its origin, with its own path in front; an operator has
 * chosen it, so the connector's list does not bind it. Without it the list binds every address that is not written out in the declaration.
 */
export function resolveHost(connector: Connector, name: string, values: TemplateValues, leave: HostLeave): ResolvedHost {
  const rule = Object.hasOwn(connector.hosts, name) ? connector.hosts[name] : undefined;
  if (!rule) return { ok: false, fault: 'HOST_UNKNOWN' };
  const environment = values.settings['environment'] === 'sandbox' ? 'sandbox' : 'production';
  const template = typeof rule.url === 'string' ? rule.url : rule.url[environment];
  const filled = fillTemplate(template, values);
  if (filled === undefined) return { ok: false, fault: 'HOST_INCOMPLETE' };
  const declared = parseUrl(filled);
  if (!declared) return { ok: false, fault: 'HOST_NOT_AN_ADDRESS' };
  const instead = values.settings['apiBaseUrl'];
  if (typeof instead === 'string') return standIn(instead, declared, leave);
  if (filled !== template && !(rule.allow ?? []).some((pattern) => fits(declared.hostname, pattern)))
    return { ok: false, fault: 'HOST_NOT_ALLOWED' };
  if (declared.protocol !== 'https:') return { ok: false, fault: 'HOST_NOT_ENCRYPTED' };
  return checkedAddress(declared, leave);
}

function standIn(instead: string, declared: URL, leave: HostLeave): ResolvedHost {
  const base = parseUrl(instead);
  if (!base) return { ok: false, fault: 'HOST_NOT_AN_ADDRESS' };
  if (base.protocol === 'http:' && !leave.allowPrivateHosts) return { ok: false, fault: 'HOST_NOT_ENCRYPTED' };
  const url = new URL(base.origin);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${declared.pathname}`;
  url.search = declared.search;
  return checkedAddress(url, leave);
}

function checkedAddress(url: URL, leave: HostLeave): ResolvedHost {
  const address = literalAddress(url);
  const isLocal = address === undefined ? /(^|\.)localhost$/.test(url.hostname) : leave.isPrivate(address);
  return isLocal && !leave.allowPrivateHosts ? { ok: false, fault: 'HOST_PRIVATE' } : { ok: true, base: url };
}
