import type { FastifyInstance } from 'fastify';
import type { Hub } from '../domain/hub.ts';
import { badInput, notFound } from '../domain/shared/errors.ts';
import { allow } from './access.ts';
import { callerOf } from './caller.ts';

/** `GET /codes/<batch>.csv`: all codes of a batch as CSV, `?part=n` the n-th thousand, `?format=zip` all parts. Streams, whatever the size. */
export function registerCodeDownloads(app: FastifyInstance, hub: Hub, proxies: number): void {
  app.get<{ Params: { file: string }; Querystring: Record<string, string | string[] | undefined> }>(
    '/codes/:file',
    async (request, reply) => {
      const { actor } = await callerOf(hub, request.headers.authorization, request.raw, proxies);
      allow('Download.codes', actor, {});
      const { file } = request.params;
      const batch = file.endsWith('.csv') ? await hub.codes.batch(file.slice(0, -'.csv'.length)) : null;
      if (!batch) throw notFound('code batch', file);
      const { part, format } = request.query;
      if (format !== undefined && format !== 'csv' && format !== 'zip')
        throw badInput({ path: 'format', message: 'The format is csv or zip.' });
      if (format === 'zip') {
        if (part !== undefined) throw badInput({ path: 'part', message: 'A zip holds all parts: leave `part` out.' });
        return reply
          .header('content-type', 'application/zip')
          .header('content-disposition', `attachment; filename="${batch.id}.zip"`)
          .send(hub.codes.zip(batch));
      }
      const stream = hub.codes.csv(batch, part === undefined ? undefined : partNumber(part));
      if (!stream) throw notFound('part of this batch with the number', String(part));
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${batch.id}.csv"`)
        .send(stream);
    },
  );
}

function partNumber(text: string | string[]): number {
  const number = typeof text === 'string' && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw badInput({ path: 'part', message: 'A part is a whole number from 1.' });
  return number;
}
