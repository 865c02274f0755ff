import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readAtMost } from '../../../../packages/server/src/serving/read-at-most.ts';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it('joins a long stream piece by piece, and lets others go on between them', async () => {
  const content = randomBytes(9_000_001);
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += 70_000)
    pieces.push(content.subarray(at, at + 70_000));
  let isRead = false;
  let others = 0;
  const other = (): void => {
    others += 1;
    if (!isRead) setImmediate(other);
  };
  const reading = readAtMost(Readable.from(pieces), {
    bytesMax: content.length,
    tooLong: () => new Error('too long'),
    // The last piece has come: from here on, pieces are joined.
    onPiece: (bytes) => {
      if (bytes === content.length) setImmediate(other);
      return undefined;
    },
  });
  const whole = await reading;
  isRead = true;
  expect(digest(whole)).toBe(digest(content));
  expect(others).toBeGreaterThan(1);
  // The memory belongs to these bytes alone, so that it can move to a thread.
  expect(whole.buffer.byteLength).toBe(content.length);
});

it('gives no more than it may', async () => {
  const tooLong = (): Error => new Error('too long');
  const pieces = [Buffer.alloc(5), Buffer.alloc(5)];
  await expect(readAtMost(Readable.from(pieces), { bytesMax: 9, tooLong })).rejects.toThrow(
    'too long',
  );
  expect(await readAtMost(Readable.from(pieces), { bytesMax: 10, tooLong })).toHaveLength(10);
});
