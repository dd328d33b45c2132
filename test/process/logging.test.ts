import { expect, test } from '@jest/globals';
import { createLogger } from '../../src/logging.ts';

/** A stream that keeps what is written to it. */
function keeper(isTTY: boolean) {
  const kept: string[] = [];
  const stream = { isTTY, write: (text: string) => kept.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { kept, stream };
}

test('a machine gets one JSON text a line, without secrets and personal data', () => {
  const { kept, stream } = keeper(false);
  const log = createLogger('info', stream);
  log.debug('too quiet');
  log.info({ customer: { id: 'cus_1', email: 'ana@example.com', phone: '+34600000000' }, password: 'hush' }, 'a customer came');
  expect(kept).toHaveLength(1);
  const [line = ''] = kept;
  expect(JSON.parse(line)).toMatchObject({
    level: 30,
    msg: 'a customer came',
    customer: { id: 'cus_1', email: '[hidden]', phone: '[hidden]' },
    password: '[hidden]',
  });
  expect(line.endsWith('\n')).toBe(true);
});

test('a person at a terminal gets a readable line', () => {
  const { kept, stream } = keeper(true);
  createLogger('info', stream).warn({ pid: 7 }, 'PostgreSQL is up again');
  expect(kept.join('')).toMatch(/^\d\d:\d\d:\d\d warn {2}PostgreSQL is up again pid=7\n$/);
});

test('a fault is shown with where it happened', () => {
  const { kept, stream } = keeper(true);
  createLogger('info', stream).error({ err: new Error('the disk is gone') }, 'not written');
  expect(kept.join('')).toMatch(/error not written\nError: the disk is gone\n {4}at /);
});
