import { canonicalJson } from '../shared/canonical.ts';
import { instantText } from '../shared/clock.ts';

/** Whatever runs one statement inside the caller's transaction: a pg client, or the ORM's connection behind `ormRunner`. */
interface SqlRunner {
  query(text: string, values: unknown[]): Promise<unknown>;
}

type Facts = Readonly<Record<string, unknown>>;

export interface AuditDraft {
  /** Epoch ms. */
  readonly at: number;
  /** The API key; for the hub's own deeds the connection or workflow run. */
  readonly actorId: string;
  /** The mutation, as in the schema. */
  readonly operation: string;
  /** Id of what was changed; null where there is no one thing. */
  readonly subjectId: string | null;
  /** As callers know it; null for what was not there. Give it whole or only what changed; never a secret, nothing personal. */
  readonly before: Facts | null;
  /** Likewise; null for what is gone. */
  readonly after: Facts | null;
}

const INSERT = 'insert into audit_line (at, actor_id, operation, subject_id, before, after) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb)';

/** Writes who changed what in the caller's transaction, and of `before` and `after` what differs. What changed nothing leaves no line. */
export async function writeAudit(run: SqlRunner, draft: AuditDraft): Promise<void> {
  const { before, after } = draft;
  const changed = before && after ? differing(before, after) : null;
  if (changed?.length === 0) return;
  const part = (facts: Facts | null) => facts && JSON.stringify(changed ? only(facts, changed) : facts);
  await run.query(INSERT, [instantText(draft.at), draft.actorId, draft.operation, draft.subjectId, part(before), part(after)]);
}

function differing(before: Facts, after: Facts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => text(before[name]) !== text(after[name]));
}

const only = (facts: Facts, names: readonly string[]): Facts => Object.fromEntries(names.map((name) => [name, facts[name] ?? null]));

const text = (value: unknown): string => canonicalJson(value ?? null);
