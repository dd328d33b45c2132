import type { Capabilities, CapabilityKey, Support } from '@valehub/connector-kit';

const rank = (support: Support | undefined): number =>
  support === 'ENFORCED' ? 3 : typeof support === 'object' ? 2 : support === 'BY_HUB' ? 1 : 0;

/** What an account can do, by what the connector can and what the account cannot. Nothing is raised by it. */
export function lowered(all: Capabilities, narrowed: Capabilities | null): Capabilities {
  if (narrowed === null) return all;
  const keys = Object.keys(all) as CapabilityKey[];
  return Object.fromEntries(
    keys.map((key) => [key, narrowed[key] !== undefined && rank(narrowed[key]) <= rank(all[key]) ? narrowed[key] : all[key]]),
  ) as Capabilities;
}
