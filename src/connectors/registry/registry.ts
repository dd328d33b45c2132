import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Connector } from '@valehub/connector-kit';
import { checkConnector, settingsSchema } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import { z } from 'zod';

/** A connector that passed its checks. */
export interface InstalledConnector {
  readonly connector: Connector;
  readonly packageName: string;
  readonly version: string;
  /** JSON Schema 2020-12; secrets are writeOnly. */
  readonly settingsSchema: Readonly<Record<string, unknown>>;
}

/** A package that was named and is not used, with every reason at once. */
export interface RefusedConnector {
  readonly packageName: string;
  readonly faults: readonly string[];
}

/** A connector that comes with the hub is faulty: the installation is broken, so the hub does not start. */
class FaultyConnectorError extends Error {
  override readonly name = 'FaultyConnectorError';
}

export interface RegistryOptions {
  /** Packages that come with the hub: with a fault in one of them the hub does not start. */
  readonly builtIn: readonly string[];
  /** Partners' packages: a faulty one is refused by name, and the hub goes on without it. */
  readonly further: readonly string[];
  readonly log: Logger;
  /** Tries a partner's package before it is let into the hub's own thread; null = it loads, else why not. */
  readonly probe?: (packageName: string) => Promise<string | null>;
  /** Stands in for the packages in tests. */
  readonly load?: (packageName: string) => Promise<LoadedPackage>;
}

export interface LoadedPackage {
  readonly value: unknown;
  readonly version: string;
}

/** The connectors of this process, by id. */
export class ConnectorRegistry {
  readonly #installed: ReadonlyMap<string, InstalledConnector>;
  readonly refused: readonly RefusedConnector[];

  constructor(installed: readonly InstalledConnector[], refused: readonly RefusedConnector[] = []) {
    this.#installed = new Map(installed.map((entry) => [entry.connector.id, entry]));
    this.refused = refused;
  }

  get(id: string): InstalledConnector | undefined {
    return this.#installed.get(id);
  }

  all(): readonly InstalledConnector[] {
    return [...this.#installed.values()].sort((a, b) => (a.connector.id < b.connector.id ? -1 : 1));
  }
}

/** Imports and checks every named package. Throws `FaultyConnectorError` for those that come with the hub. */
export async function loadConnectors(options: RegistryOptions): Promise<ConnectorRegistry> {
  const load = options.load ?? loadPackage;
  const installed: InstalledConnector[] = [];
  const refused: RefusedConnector[] = [];
  for (const packageName of new Set([...options.builtIn, ...options.further])) {
    const unfit = options.builtIn.includes(packageName) ? null : await options.probe?.(packageName);
    const found = unfit ? { packageName, faults: [`PACKAGE_UNFIT ${unfit}.`] } : await checked(packageName, load, installed);
    if (!('faults' in found)) installed.push(found);
    else if (options.builtIn.includes(packageName))
      throw new FaultyConnectorError(`The connector ${packageName} cannot be used: ${found.faults.join(' ')}`);
    else {
      options.log.error({ package: packageName, faults: found.faults }, 'a connector is refused; the hub goes on without it');
      refused.push(found);
    }
  }
  return new ConnectorRegistry(installed, refused);
}

async function checked(
  packageName: string,
  load: (name: string) => Promise<LoadedPackage>,
  others: readonly InstalledConnector[],
): Promise<InstalledConnector | RefusedConnector> {
  let loaded: LoadedPackage;
  try {
    loaded = await load(packageName);
  } catch (fault) {
    const missing =
      (fault as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' || (fault as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    const why = fault instanceof Error ? fault.message : String(fault);
    return {
      packageName,
      faults: [
        missing
          ? `PACKAGE_NOT_FOUND it, or something that it imports, is not installed: ${why}`
          : `PACKAGE_BROKEN it cannot be imported: ${why}`,
      ],
    };
  }
  const faults = checkConnector(loaded.value);
  if (faults.length > 0) return { packageName, faults };
  const connector = loaded.value as Connector;
  const twin = others.find((other) => other.connector.id === connector.id);
  if (twin !== undefined) return { packageName, faults: [`ID_TAKEN id: ${twin.packageName} is "${connector.id}" too.`] };
  return { connector, packageName, version: loaded.version, settingsSchema: settingsSchema(connector) };
}

async function loadPackage(packageName: string): Promise<LoadedPackage> {
  const module: unknown = await import(packageName);
  const value = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  return { value, version: versionOf(packageName) };
}

const manifestSchema = z.object({
  version: z.string().default('0.0.0'),
  valehub: z.object({ connectors: z.array(z.string()).default([]) }).optional(),
});

function readManifest(path: string | URL): z.output<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** A package that does not export its package.json, or a single file, tells no version; that is no reason to refuse it. */
function versionOf(packageName: string): string {
  try {
    return readManifest(createRequire(import.meta.url).resolve(`${packageName}/package.json`)).version;
  } catch (fault) {
    // It was imported already, so what cannot be found is the manifest alone.
    if (['ERR_PACKAGE_PATH_NOT_EXPORTED', 'MODULE_NOT_FOUND'].includes((fault as NodeJS.ErrnoException).code ?? '')) return 'unknown';
    throw fault;
  }
}

/** The packages that the hub's own package.json lists under `valehub.connectors`. */
export function builtInConnectors(): readonly string[] {
  return readManifest(new URL('../../../package.json', import.meta.url)).valehub?.connectors ?? [];
}
