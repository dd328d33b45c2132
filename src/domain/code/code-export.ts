import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import type { CodeBatchRecord } from './code.types.ts';
import type { CodeSpace } from './code-space.ts';

/** Codes in one part of an export. */
const PART_SIZE = 1_000;
const HEADER = Buffer.from('code\n');

/** All codes of a batch, or its n-th thousand (from 1), one a line under a header. null: there is no such part. */
export function csvOf(space: CodeSpace, batch: CodeBatchRecord, part?: number): Readable | null {
  if (part === undefined) return stream(space, batch, 0, batch.count);
  if (!Number.isSafeInteger(part) || part < 1 || part > partsOf(batch)) return null;
  const from = (part - 1) * PART_SIZE;
  return stream(space, batch, from, Math.min(PART_SIZE, batch.count - from));
}

/** Every part as a CSV file. A part is made when the one before it was read, so that memory does not grow with the batch. */
export function zipOf(space: CodeSpace, batch: CodeBatchRecord): Readable {
  const zip = new ZipFile();
  const parts = partsOf(batch);
  const digits = String(parts).length;
  const add = (part: number): void => {
    const name = `codes-${String(part).padStart(digits, '0')}.csv`;
    zip.addReadStreamLazy(name, { mtime: new Date(batch.createdAt), mode: 0o100644 }, (give) => {
      const from = (part - 1) * PART_SIZE;
      const content = stream(space, batch, from, Math.min(PART_SIZE, batch.count - from));
      content.once('end', () => (part < parts ? add(part + 1) : zip.end()));
      give(null, content);
    });
  };
  add(1);
  return Readable.from(zip.outputStream, { objectMode: false });
}

const partsOf = (batch: CodeBatchRecord): number => Math.ceil(batch.count / PART_SIZE);

function stream(space: CodeSpace, batch: CodeBatchRecord, from: number, count: number): Readable {
  return Readable.from(buffers(space, batch, from, count), { objectMode: false });
}

async function* buffers(space: CodeSpace, batch: CodeBatchRecord, from: number, count: number): AsyncGenerator<Buffer> {
  yield HEADER;
  for (const lines of space.lines({ patternId: batch.patternId, index: batch.firstIndex + from }, count)) {
    yield lines;
    // A fast reader must not keep everybody else waiting.
    await nextTurn();
  }
}
