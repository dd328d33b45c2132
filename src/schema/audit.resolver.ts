import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { AuditRecord } from '../domain/audit/audit.types.ts';
import { ApiKey } from './api-key.results.ts';
import { AuditFilter } from './audit.inputs.ts';
import { AuditLine, AuditLineConnection } from './audit.results.ts';
import type { Connection } from './connection.results.ts';
import { connectionView } from './connection.views.ts';
import type { Context } from './context.ts';
import { pageRequest } from './pages.ts';

/** Keys and connections are the administrators' business; that they were changed is not. */
const OF_ADMINISTRATORS: ReadonlySet<string> = new Set([
  'createApiKey',
  'rotateApiKey',
  'revokeApiKey',
  'createApp',
  'updateApp',
  'connect',
  'updateConnection',
  'authorizeConnection',
  'chooseAccount',
  'disconnect',
]);

@Resolver(() => AuditLine)
export class AuditResolver {
  @Query(() => AuditLineConnection, { description: 'Who changed what, newest first: every mutation that changed anything, once.' })
  async auditLines(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<AuditLine>> {
    return connectionView(await context.hub.audit.lines(filter ?? {}, pageRequest(first, after)), (line) => lineView(context, line));
  }

  @FieldResolver(() => ApiKey, { nullable: true, description: 'The key that asked; null to ACCOUNTING keys, and for the hub’s own deeds.' })
  async actor(@Root() line: AuditLine, @Ctx() context: Context): Promise<ApiKey | null> {
    return line.actorId === null || context.actor.role !== 'ADMIN' ? null : context.loaders.apiKey(line.actorId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The name of the key that asked; null for the hub’s own deeds.' })
  async actorName(@Root() line: AuditLine, @Ctx() context: Context): Promise<string | null> {
    return line.actorId === null ? null : ((await context.loaders.apiKey(line.actorId))?.name ?? null);
  }
}

function lineView({ actor }: Context, line: AuditRecord): AuditLine {
  return actor.role !== 'ADMIN' && OF_ADMINISTRATORS.has(line.operation) ? { ...line, before: null, after: null } : line;
}
