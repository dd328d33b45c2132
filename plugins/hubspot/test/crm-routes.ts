import type { Plain } from '@valehub/connector-kit';
import type { PlatformReply, PlatformRequest, Route } from '@valehub/connector-kit/testing';
import { type Crm, type Input, type Kind, type Refusal, type StoredRecord, shown, type Values } from './crm.ts';

export const V = '2026-03';

const refusalBody = ({ category, message, context }: Refusal): { [name: string]: Plain } => ({
  status: 'error',
  category,
  message,
  correlationId: 'correlation-1',
  ...(context ? { context } : {}),
});
export const refuse = (refusal: Refusal): PlatformReply => ({ status: refusal.status, body: refusalBody(refusal) });

export function batchRoutes(store: Crm, kind: Kind, path: string): readonly Route[] {
  const inputsOf = (request: PlatformRequest) =>
    (request.json() as unknown as { inputs: readonly (Input & { readonly objectWriteTraceId?: string })[] }).inputs;
  function write(request: PlatformRequest): PlatformReply {
    const inputs = inputsOf(request);
    if (new Set(inputs.map(({ id }) => id)).size < inputs.length)
      return refuse({ status: 400, category: 'VALIDATION_ERROR', message: 'Duplicate IDs found in batch input. IDs must be unique' });
    const wrong = inputs.find(({ idProperty }) => idProperty !== undefined && !store.isUnique(kind, idProperty))?.idProperty;
    if (wrong !== undefined)
      return refuse({
        status: 400,
        category: 'VALIDATION_ERROR',
        message: `Unable to perform update/upsert by non-unique ${kind === 'deals' ? '0-3' : '0-1'} property ${wrong}`,
      });
    const results: Plain[] = [];
    const errors: Plain[] = [];
    for (const input of inputs) {
      const stored = store.upsert(kind, input);
      const mark = input.objectWriteTraceId;
      if ('record' in stored) results.push({ ...shown(stored.record), new: stored.made, ...(mark ? { objectWriteTraceId: mark } : {}) });
      else if (mark === undefined) return refuse(stored.refused);
      else errors.push({ ...refusalBody(stored.refused), context: { ...stored.refused.context, objectWriteTraceId: [mark] } });
    }
    return errors.length === 0
      ? { body: { status: 'COMPLETE', results } }
      : { status: 207, body: { status: 'COMPLETE', results, numErrors: errors.length, errors } };
  }
  function read(request: PlatformRequest): PlatformReply {
    const { idProperty } = request.json() as { idProperty?: string };
    if (idProperty !== undefined && !store.isUnique(kind, idProperty))
      return refuse({ status: 400, category: 'VALIDATION_ERROR', message: `Property ${idProperty} is not unique` });
    const ids = inputsOf(request).map(({ id }) => id);
    const found = ids.map((id) => (idProperty === undefined ? store.get(kind, id) : store.find(kind, idProperty, id)));
    const results = found.filter((record): record is StoredRecord => record !== undefined).map(shown);
    const lost = ids.filter((_id, index) => found[index] === undefined);
    if (lost.length === 0) return { body: { status: 'COMPLETE', results } };
    const error = { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Could not get some objects', context: { ids: lost } };
    return { status: 207, body: { status: 'COMPLETE', results, numErrors: 1, errors: [error] } };
  }
  return [
    { at: `POST ${path}/batch/upsert`, handle: write },
    { at: `POST ${path}/batch/update`, handle: write },
    { at: `POST ${path}/batch/read`, handle: read },
    { at: `GET ${path}`, handle: () => ({ body: { results: [] } }) },
    {
      at: `PATCH ${path}/:id`,
      handle: ({ params, ...request }) => {
        const { properties } = request.json() as { properties: Values };
        const stored = store.upsert(kind, { id: params['id'] ?? '', properties });
        return 'record' in stored ? { body: shown(stored.record) } : refuse(stored.refused);
      },
    },
  ];
}

const SEARCH_SHOWS = 10_000;

export function search(store: Crm, request: PlatformRequest): PlatformReply {
  const { filterGroups, limit, after } = request.json() as {
    filterGroups: { filters: { propertyName: string; operator: string; value: string }[] }[];
    limit: number;
    after?: string;
  };
  if (Number(after ?? 0) + limit > SEARCH_SHOWS)
    return refuse({ status: 400, category: 'VALIDATION_ERROR', message: 'Paging past 10000 results is not supported' });
  const value = (record: StoredRecord, name: string) => (name === 'lastmodifieddate' ? record.updatedAt : Number(record.properties[name]));
  const fits = (record: StoredRecord) =>
    (filterGroups[0]?.filters ?? []).every(({ propertyName, operator, value: bound }) => {
      const at = value(record, propertyName);
      return { GTE: at >= Number(bound), LT: at < Number(bound), GT: at > Number(bound) }[operator] ?? false;
    });
  const found = store.records.filter((record) => record.kind === 'contacts' && !record.archived && fits(record));
  found.sort((a, b) => Number(a.id) - Number(b.id));
  return { body: { total: found.length, results: found.slice(Number(after ?? 0), Number(after ?? 0) + limit).map(shown) } };
}

export function propertyRoutes(store: Crm): readonly Route[] {
  return [
    {
      at: `GET /crm/properties/${V}/:kind`,
      handle: ({ params }) => ({ body: { results: store.properties[params['kind'] as Kind].map((property) => ({ ...property })) } }),
    },
    {
      at: `POST /crm/properties/${V}/:kind`,
      handle: ({ params, ...request }) => {
        const { name, label, type, hasUniqueValue } = request.json() as {
          name: string;
          label: string;
          type: string;
          hasUniqueValue?: boolean;
        };
        const known = store.properties[params['kind'] as Kind];
        if (known.some((property) => property.name === name))
          return refuse({ status: 409, category: 'OBJECT_ALREADY_EXISTS', message: `A property named ${name} already exists` });
        known.push({ name, label, type, hasUniqueValue: hasUniqueValue === true });
        return { status: 201, body: { name, label, type } };
      },
    },
  ];
}
