import type { Logger } from 'pino';
import { BREACH_WORDS, PluginChild } from './child.ts';

const PROBE_MEMORY_MB = 256;

/** Loads a package in a process of its own first, so that one that never comes to an end cannot keep the hub from starting. Null = it loads. */
export function probeConnector(specifier: string, log: Logger): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = new PluginChild({
      connectorId: specifier,
      specifier,
      allowPrivateHosts: false,
      memoryMb: PROBE_MEMORY_MB,
      log,
      hear: () => child.stop().then(() => resolve(null), reject),
      ended: (breach) => resolve(BREACH_WORDS[breach]),
    });
  });
}
