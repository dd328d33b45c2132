import Table from 'cli-table3';
import type { Line } from './books.ts';
import type { LedgerEvent } from './hub-client.ts';

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

const WIDTHS = [5, 8, 19, 10, 16, 9] as const;

const cell = (text: string, at: number): string => text.padEnd(WIDTHS[at] ?? 0);

/** 1450 is 14.50. */
export const euro = (minor: number): string => `${(minor - (minor % 100)) / 100}.${String(minor % 100).padStart(2, '0')}`;

export const ledgerHead = (): string => ['#', 'time', 'event', 'store', 'code', 'euro'].map(cell).join('  ');

export function ledgerLine(event: LedgerEvent): string {
  const why = typeof event.data.reason === 'string' ? event.data.reason : '';
  return (
    [
      String(event.position),
      event.at.slice(11, 19),
      event.type,
      event.store?.name ?? '',
      event.code ?? '',
      event.amount ? euro(event.amount.minor) : '',
    ]
      .map(cell)
      .join('  ') + (why ? `  ${why}` : '')
  );
}

export function booksTable(lines: readonly Line[]): string {
  const table = new Table({
    head: ['', 'players', 'hub', 'ledger', ''],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const line of lines) table.push([line.what, line.players, line.hub, line.ledger, agrees(line) ? 'agree' : 'DIFFER']);
  return table.toString();
}

export const agrees = (line: Line): boolean => line.players === line.hub && line.hub === line.ledger;
