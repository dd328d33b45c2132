import type { FastifyInstance } from 'fastify';

/** JSON Schemas by name, under /schemas: public, as the formats are. */
export function registerSchemas(app: FastifyInstance, schemas: Readonly<Record<string, unknown>>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const text = JSON.stringify(schema);
    app.get(`/schemas/${name}`, (_request, reply) =>
      reply.header('content-type', 'application/schema+json; charset=utf-8').header('cache-control', 'public, max-age=300').send(text),
    );
  }
}
