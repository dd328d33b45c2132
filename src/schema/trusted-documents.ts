import { readFile } from 'node:fs/promises';
import { GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import { ROLES, type Role } from '../domain/access/roles.ts';
import { sha256 } from '../domain/shared/canonical.ts';
import { HubError } from '../domain/shared/errors.ts';
import type { Documents } from './documents.ts';

/** The form that Apollo's tools write: `generate-persisted-query-manifest`. */
const Manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({ id: z.string().min(1), name: z.string(), type: z.enum(['query', 'mutation', 'subscription']), body: z.string() }),
  ),
});

type ManifestEntry = z.infer<typeof Manifest>['operations'][number];

/** The documents that a front-end was built with. */
export interface TrustedDocuments {
  /** The text of a document by its id in the manifest, or by its SHA-256. */
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
  /** Keys of these roles run nothing else. */
  readonly only: ReadonlySet<Role>;
}

interface Settings {
  /** Path of the manifest; null = none. */
  readonly trustedDocuments: string | null;
  readonly trustedOnly: readonly string[];
}

/** Reads the manifest and checks every document of it against the schema. Throws a ConfigError that names all that is wrong. */
export async function loadTrustedDocuments({ trustedDocuments, trustedOnly }: Settings, documents: Documents): Promise<TrustedDocuments> {
  const only = rolesIn(trustedOnly);
  if (trustedDocuments === null) {
    if (only.size > 0)
      throw new ConfigError('VALEHUB_TRUSTED_ONLY needs VALEHUB_TRUSTED_DOCUMENTS: without a manifest these keys could run nothing.');
    return { byId: new Map(), texts: new Set(), only };
  }
  const entries = await entriesOf(trustedDocuments);
  const faults = entries.flatMap((entry) => faultsOf(entry, documents).map((fault) => `${entry.name || entry.id}: ${fault}`));
  const byId = new Map<string, string>();
  for (const { id, name, body } of entries) {
    if (byId.has(id) && byId.get(id) !== body) faults.push(`${name || id}: the id ${id} stands for another document too.`);
    byId.set(id, body);
  }
  for (const { body } of entries) byId.set(sha256(body), body);
  if (faults.length > 0)
    throw new ConfigError(`VALEHUB_TRUSTED_DOCUMENTS (${trustedDocuments}) does not fit this hub. ${faults.join(' ')}`);
  for (const { body } of entries) documents.pin(body);
  return { byId, texts: new Set(entries.map(({ body }) => body)), only };
}

function rolesIn(names: readonly string[]): ReadonlySet<Role> {
  const known = new Set<string>(ROLES);
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new ConfigError(`VALEHUB_TRUSTED_ONLY must name roles (${ROLES.join(', ')}); ${unknown.join(', ')} is none.`);
  return new Set(names as Role[]);
}

async function entriesOf(path: string): Promise<readonly ManifestEntry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`VALEHUB_TRUSTED_DOCUMENTS names ${path}, which cannot be read: ${(error as Error).message}`);
  }
  const parsed = Manifest.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data.operations;
  const places = parsed.error.issues.map(({ path: place, message }) => `${place.join('.') || 'the file'}: ${message}`);
  throw new ConfigError(`VALEHUB_TRUSTED_DOCUMENTS (${path}) is no apollo-persisted-query-manifest of version 1. ${places.join('; ')}`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function faultsOf({ name, type, body }: ManifestEntry, documents: Documents): string[] {
  try {
    const known = documents.open(body);
    const operations = known.document.definitions.filter(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    const [operation, ...others] = operations;
    if (!operation || others.length > 0) return [`it holds ${operations.length} operations instead of one.`];
    return [
      ...documents.faultsOf(known).map(({ message }) => message),
      ...((operation.name?.value ?? '') === name ? [] : [`its operation is named ${operation.name?.value ?? 'nothing'}.`]),
      ...(operation.operation === type ? [] : [`it is a ${operation.operation}, not a ${type}.`]),
    ];
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof HubError) return [error.message];
    throw error;
  }
}
