import { rowsOf } from '../connectors/support/connector-hub.ts';
import type { ChaosStage } from './stage.ts';

/** What came in and did not come to its end, or was answered otherwise than it had to be. */
export async function straysOf({ running, post, staged }: ChaosStage): Promise<readonly string[]> {
  const left = await rowsOf<{ text: string }>(
    running.hub,
    `select state || ' ' || coalesce(reason, '') || ' ' || topic || ' ' || coalesce(last_error, '') as text from notice
     where state not in ('DONE', 'IGNORED') or (state = 'IGNORED' and reason <> 'UNKNOWN_TOPIC') limit 20`,
  );
  const [ignored] = await rowsOf<{ n: number }>(running.hub, `select count(*)::int as n from notice where reason = 'UNKNOWN_TOPIC'`);
  const unwell: string[] = [];
  for (const { connectionId, platform } of staged) {
    const connection = await running.host.desk.connection(connectionId);
    if (connection?.status !== 'ACTIVE') unwell.push(`${platform.id} is ${connection?.status} at the end: ${connection?.lastError}`);
  }
  return [
    ...post.report.surprises,
    ...left.map(({ text }) => `a notice was left: ${text}`),
    ...(ignored?.n === post.report.unknownEvents
      ? []
      : [`${ignored?.n} events of unknown kinds were kept of ${post.report.unknownEvents}`]),
    ...unwell,
  ];
}
