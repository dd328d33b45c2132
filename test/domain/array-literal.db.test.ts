import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { arrayLiteral } from '../../src/database/array-literal.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const asTexts = async (values: readonly (string | null)[]): Promise<unknown> =>
  (await client.query<{ back: unknown }>('select to_json($1::text[]) as back', [arrayLiteral(values)])).rows[0]?.back;

/** What PostgreSQL can hold at all: no NUL, no half surrogates. */
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ',', '\n', '\t', '\u0001', '\u007f', '\u2028', 'n', 'u', ' ', '😀') }),
  )
  .map((drawn) => drawn.replaceAll('\0', ''));

test('any texts come back as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      expect(await asTexts(values)).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test.each([[['NULL', 'null', '', null]], [[]], [['{"note":"a \\"b\\"\\nc"}']], [['a\nb', 'c\\nd']]])(
  'texts with a meaning of their own: %j',
  async (values) => {
    expect(await asTexts(values)).toEqual(values);
  },
);

test('numbers and booleans', async () => {
  const { rows } = await client.query('select $1::bigint[] as numbers, $2::boolean[] as booleans', [
    arrayLiteral([1, -2, Number.MAX_SAFE_INTEGER, null]),
    arrayLiteral([true, false, null]),
  ]);
  expect(rows[0]).toEqual({ numbers: ['1', '-2', '9007199254740991', null], booleans: [true, false, null] });
});
