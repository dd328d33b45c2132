import type { Connector } from '@valehub/connector-kit';

const WARNED_BEFORE_MS = 90 * 24 * 60 * 60_000;

/** What a person hears of the version of the platform's API that is called, from 90 days before its end on. */
export function versionWarning({ title, versions: [{ id, link, until }] }: Connector, nowMs: number): string | null {
  if (until === undefined || Date.parse(until) - nowMs > WARNED_BEFORE_MS) return null;
  const ends = Date.parse(until) > nowMs ? 'ends on' : 'ended on';
  return `The version ${id} of the API of ${title}, which the connector calls, ${ends} ${until}: bring in a newer version of the connector (${link}).`;
}
