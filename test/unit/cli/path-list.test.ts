import { describe, expect, it } from 'vitest';
import { readPaths, splitPaths } from '../../../packages/cli/src/commands/scan/run.ts';

describe('splitPaths', () => {
  it.each([
    ['', []],
    ['\n\n', []],
    ['a\nb', ['a', 'b']],
    ['a\n b \n', ['a', ' b ']],
    ['a\0b\nc\0', ['a', 'b\nc']],
    ['\0a', ['a']],
  ])('of %j', (list, expected) => {
    expect(splitPaths(list)).toEqual(expected);
  });
});

describe('readPaths', () => {
  it('puts characters together that were cut between chunks', async () => {
    const bytes = Buffer.from('é.tgz\nü.tgz\n');
    async function* oneByOne(): AsyncGenerator<Buffer> {
      for (const byte of bytes) yield await Promise.resolve(Buffer.from([byte]));
    }
    expect(await readPaths(oneByOne())).toEqual(['é.tgz', 'ü.tgz']);
  });
});
