import type { BooksReport, CheckReport, Finding } from './verification.types.ts';

const NAME = 20;

const count = (n: number): string => n.toLocaleString('en-US');
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function place({ table, id, position }: Finding): string {
  return position === null || table === 'ledger_event' ? `${table} ${id}` : `${table} ${id} (ledger position ${position})`;
}

function sentence(finding: Finding): string {
  const where =
    finding.table === 'ledger_event' && finding.position !== null ? `ledger position ${finding.position}, ${finding.id}` : place(finding);
  return `    ${where}: expected ${finding.expected}; found ${finding.found}.\n`;
}

/** The report as lines for a person. */
export function reportLines(): { check(report: CheckReport): string; end(report: BooksReport): string } {
  return {
    check: ({ name, promises, advice, looked, found, findings, skipped, ms }) => {
      if (skipped !== null) return `- ${name.padEnd(NAME)} not checked: ${skipped}\n`;
      if (found === 0) return `✓ ${name.padEnd(NAME)} ${count(looked).padStart(12)}  ${seconds(ms)}\n`;
      const more = found > findings.length ? `    and ${count(found - findings.length)} more.\n` : '';
      return `✗ ${name.padEnd(NAME)} ${count(looked).padStart(12)}  ${seconds(ms)}\n    It should hold: ${promises}\n${findings.map(sentence).join('')}${more}    What to do: ${advice}\n`;
    },
    end: ({ head, waiting, found, skipped, checks }) => {
      const unsealed = waiting === 0 ? '' : ` ${count(waiting)} committed events wait to be sealed; they are in all the sums.`;
      const noted = `The ledger ends at position ${count(head.position)}.${unsealed}\nNote this down, outside this machine: ${head.position}:${head.hash}\n`;
      if (found > 0)
        return `\n${noted}\n${count(found)} findings in ${checks.filter((check) => check.found > 0).length} of ${checks.length} checks: the books do not agree.\n`;
      if (skipped > 0) return `\n${noted}\nWhat was checked agrees; ${skipped} of ${checks.length} checks could not be made.\n`;
      return `\n${noted}\nAll ${checks.length} checks agree.\n`;
    },
  };
}
