import type { Plain } from '@valehub/connector-kit';
import { type PlatformReply, type PlatformRequest, pageOf, type Route } from '@valehub/connector-kit/testing';
import { refused } from './stand-in-errors.ts';

type Json = { readonly [name: string]: Plain };
interface Entry {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly updatedAt: number;
  readonly isDeleted: boolean;
  readonly given: Json;
}

/** A seller's catalog: objects with versions that rise over the whole of it, changed by all or nothing. */
export function catalogOf(nextId: (kind: string) => string, now: () => number, pageSize: number) {
  const objects = new Map<string, Entry>();
  const answered = new Map<string, { readonly text: string; readonly reply: PlatformReply }>();
  let version = 1_700_000_000_000;

  const formOf = ({ type, id, version: own, updatedAt, isDeleted, given }: Entry): Json => ({
    ...given,
    type,
    id,
    version: own,
    updated_at: new Date(updatedAt).toISOString(),
    is_deleted: isDeleted,
  });

  /** Ids of the batch itself, wherever they stand in it. */
  const renamed = (value: Plain, ids: ReadonlyMap<string, string>): Plain =>
    JSON.parse(JSON.stringify(value), (_name, part: unknown) => (typeof part === 'string' ? (ids.get(part) ?? part) : part)) as Plain;

  function upsert(request: PlatformRequest): PlatformReply {
    const { idempotency_key: key, batches } = request.json() as unknown as {
      readonly idempotency_key: string;
      readonly batches: readonly [{ readonly objects: readonly Json[] }];
    };
    const before = answered.get(key);
    if (before) return before.text === request.text ? before.reply : refused(400, 'IDEMPOTENCY_KEY_REUSED');
    const batch = batches[0].objects;
    for (const { id, version: theirs } of batch) {
      const there = objects.get(String(id));
      if (String(id).startsWith('#')) continue;
      if (!there || there.isDeleted) return refused(404, 'NOT_FOUND', `There is no object ${id}.`);
      if (there.version !== theirs) return refused(409, 'VERSION_MISMATCH', 'The object has another version.');
    }
    version += 1;
    const ids = new Map(batch.flatMap(({ id, type }) => (String(id).startsWith('#') ? [[String(id), nextId(String(type))] as const] : [])));
    for (const given of batch) {
      const id = ids.get(String(given['id'])) ?? String(given['id']);
      objects.set(id, { type: String(given['type']), id, version, updatedAt: now(), isDeleted: false, given: renamed(given, ids) as Json });
    }
    const reply = { body: { id_mappings: [...ids].map(([client, id]) => ({ client_object_id: client, object_id: id })) } };
    answered.set(key, { text: request.text, reply });
    return reply;
  }

  function retrieve(request: PlatformRequest): PlatformReply {
    const { object_ids: ids, include_deleted_objects: withDeleted } = request.json() as unknown as {
      readonly object_ids: readonly string[];
      readonly include_deleted_objects: boolean;
    };
    const found = ids.flatMap((id) => objects.get(id) ?? []).filter(({ isDeleted }) => withDeleted || !isDeleted);
    return { body: { objects: found.map(formOf) } };
  }

  function search(request: PlatformRequest): PlatformReply {
    const asked = request.json() as unknown as {
      readonly object_types: readonly string[];
      readonly include_deleted_objects?: boolean;
      readonly begin_time?: string;
      readonly cursor?: string;
    };
    const since = asked.begin_time === undefined ? Number.NEGATIVE_INFINITY : Date.parse(asked.begin_time);
    const found = [...objects.values()].filter(
      ({ type, updatedAt, isDeleted }) =>
        asked.object_types.includes(type) && updatedAt > since && (asked.include_deleted_objects || !isDeleted),
    );
    const { items, next } = pageOf(found, asked.cursor, pageSize);
    return { body: { objects: items.map(formOf), ...(next === undefined ? {} : { cursor: next }) } };
  }

  function drop(request: PlatformRequest): PlatformReply {
    const { object_ids: ids } = request.json() as unknown as { readonly object_ids: readonly string[] };
    version += 1;
    const there = ids.flatMap((id) => objects.get(id) ?? []).filter(({ isDeleted }) => !isDeleted);
    for (const entry of there) objects.set(entry.id, { ...entry, version, updatedAt: now(), isDeleted: true });
    return { body: { deleted_object_ids: there.map(({ id }) => id), deleted_at: new Date(now()).toISOString() } };
  }

  const routes: readonly Route[] = [
    { at: 'POST /v2/catalog/batch-upsert', handle: upsert },
    { at: 'POST /v2/catalog/batch-retrieve', handle: retrieve },
    { at: 'POST /v2/catalog/search', handle: search },
    { at: 'POST /v2/catalog/batch-delete', handle: drop },
  ];
  /** Those that are there. */
  const all = (type: string): readonly Json[] =>
    [...objects.values()].filter((entry) => entry.type === type && !entry.isDeleted).map(formOf);
  /** Somebody changes it in the Dashboard. */
  function edit(id: string): void {
    const entry = objects.get(id);
    version += 1;
    if (entry) objects.set(id, { ...entry, version, updatedAt: now() });
  }
  return { routes, all, edit };
}
