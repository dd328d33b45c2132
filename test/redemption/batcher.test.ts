import { expect, test } from '@jest/globals';
import { Batcher } from '../../src/domain/redemption/batcher.ts';

test('what comes while a batch is away forms the next, up to the limit, and everybody gets their own answer', async () => {
  const batches: number[][] = [];
  let leave: () => void = () => undefined;
  const away = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const batcher = new Batcher<number, string>(async (items) => {
    batches.push([...items]);
    if (batches.length === 1) await away;
    return items.map((item) => `answer ${item}`);
  }, 3);
  const first = batcher.submit(1);
  await new Promise((resolve) => setImmediate(resolve));
  const others = [2, 3, 4, 5].map((item) => batcher.submit(item));
  leave();
  expect(await Promise.all([first, ...others])).toEqual([1, 2, 3, 4, 5].map((item) => `answer ${item}`));
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

test('one that cannot be carried out fails alone, with its own error', async () => {
  const batcher = new Batcher<number, number>(async (items) => {
    if (items.includes(2)) throw new Error(`no ${items.join()}`);
    return items.map((item) => item * 10);
  }, 64);
  const answers = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
  expect(answers).toEqual([
    { status: 'fulfilled', value: 10 },
    { status: 'rejected', reason: new Error('no 2') },
    { status: 'fulfilled', value: 30 },
  ]);
  expect(await batcher.submit(4)).toBe(40);
});

test('the next batch leaves before anybody works on the answers of the last', async () => {
  const order: string[] = [];
  const batcher = new Batcher<number, number>(async (items) => {
    order.push(`batch of ${items.join()}`);
    await new Promise((resolve) => setImmediate(resolve));
    return items;
  }, 2);
  const working = [1, 2, 3].map((item) => batcher.submit(item).then((answer) => order.push(`answer ${answer}`)));
  await Promise.all(working);
  expect(order).toEqual(['batch of 1,2', 'batch of 3', 'answer 1', 'answer 2', 'answer 3']);
});

test('of many who ask again and again, one half is away while the other is worked on', async () => {
  const sizes: number[] = [];
  const batcher = new Batcher<number, number>(async (items) => {
    sizes.push(items.length);
    await new Promise((resolve) => setImmediate(resolve));
    return items;
  }, 64);
  await Promise.all(
    Array.from({ length: 16 }, async (_, client) => {
      for (let turn = 0; turn < 20; turn += 1) await batcher.submit(client);
    }),
  );
  expect(sizes.slice(4, -4).every((size) => size === 8)).toBe(true);
});

test('where two may be away, the second leaves as soon as it is full, and a third waits for one of them', async () => {
  const batches: { readonly items: readonly number[]; comeBack(): void }[] = [];
  const batcher = new Batcher<number, number>(
    (items) =>
      new Promise((resolve) => {
        batches.push({ items, comeBack: () => resolve(items) });
      }),
    2,
    2,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const sent = () => batches.map(({ items }) => items.join());
  const answers: number[] = [];
  const submit = (item: number) => void batcher.submit(item).then((answer) => answers.push(answer));
  submit(1);
  await turn();
  submit(2);
  await turn();
  expect(sent()).toEqual(['1']);
  submit(3);
  expect(sent()).toEqual(['1', '2,3']);
  for (const item of [4, 5, 6]) submit(item);
  await turn();
  expect(sent()).toEqual(['1', '2,3']);
  batches[1]?.comeBack();
  await turn();
  expect(answers).toEqual([2, 3]);
  expect(sent()).toEqual(['1', '2,3', '4,5']);
  batches[0]?.comeBack();
  batches[2]?.comeBack();
  await turn();
  expect(sent()).toEqual(['1', '2,3', '4,5', '6']);
  batches[3]?.comeBack();
  await turn();
  expect(answers).toEqual([2, 3, 1, 4, 5, 6]);
});
