/** Any folder holds under its own seal, and no longer after any change. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { comparePaths, openSeal } from '../../packages/guard/src/seal/format.ts';
import { checkSeal, SEAL_NAME, writeSeal } from '../../packages/guard/src/seal/index.ts';

/** Bytes of a name. They need not be UTF-8. */
const name = fc
  .uint8Array({ minLength: 1, maxLength: 4 })
  .map((bytes) => bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte)))
  .filter((bytes) => !/^\.\.?$/.test(Buffer.from(bytes).toString('latin1')))
  .map((bytes) => Buffer.from(bytes));
type Tree = readonly (readonly [name: Buffer, content: Buffer | string | Tree])[];
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.uniqueArray(
    fc.tuple(
      name,
      fc.oneof(
        { depthSize: 'small' },
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc.constantFrom('a', '/', '../..'),
        tie('tree'),
      ),
    ),
    { maxLength: 4, selector: ([bytes]) => bytes.toString('hex') },
  ),
}));

function put(folder: Buffer, entries: Tree): void {
  mkdirSync(folder);
  for (const [own, content] of entries) {
    const path = Buffer.concat([folder, Buffer.from('/'), own]);
    if (typeof content === 'string') symlinkSync(content, path);
    else if (Buffer.isBuffer(content)) writeFileSync(path, content);
    else put(path, content);
  }
}

const KEY = Buffer.alloc(32, 3);
const options = (folder: string) => ({
  folder,
  use: 'property',
  key: KEY,
  startThread: () => {
    throw new Error('no thread is needed for so few files');
  },
  onProgress: () => undefined,
});

/** What the tree is, as text: two trees are the same exactly if their texts are. */
function textOf(entries: Tree): string {
  const parts = entries.map(([own, content]) => {
    const rest = Array.isArray(content)
      ? textOf(content as Tree)
      : `${typeof content} ${Buffer.from(content as string).toString('hex')}`;
    return `${own.toString('hex')}: ${rest}`;
  });
  return `[${parts.toSorted().join(', ')}]`;
}

it.skipIf(process.platform !== 'linux')(
  'a seal holds for exactly the tree for which it was made',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'tarwarden-property-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    let count = 0;
    const place = (entries: Tree): string => {
      const folder = join(root, `${(count += 1)}`, 'cache');
      mkdirSync(dirname(folder));
      put(Buffer.from(folder), entries);
      return folder;
    };
    await fc.assert(
      fc.asyncProperty(tree, tree, async (one, other) => {
        const [left, right] = [place(one), place(other)];
        await writeSeal(options(left));
        const checked = await checkSeal(options(left));
        expect(checked.status).toBe('whole');
        const file = join(dirname(left), 'seal');
        rmSync(join(left, SEAL_NAME));
        await writeSeal({ ...options(left), file });
        const crossed = await checkSeal({ ...options(right), file });
        expect(crossed.status === 'whole').toBe(textOf(one) === textOf(other));
      }),
      { numRuns: 60 },
    );
  },
);

it('the order of paths is the order of their names, one after another', () => {
  const path = fc.array(name, { minLength: 1, maxLength: 4 });
  const joined = (names: readonly Buffer[]): Buffer =>
    Buffer.concat(names.flatMap((one, at) => (at === 0 ? [one] : [Buffer.from('/'), one])));
  fc.assert(
    fc.property(path, path, (one, other) => {
      const at = one.findIndex((each, place) => !other[place]?.equals(each));
      const order =
        at < 0
          ? one.length - other.length
          : other[at] === undefined
            ? 1
            : Buffer.compare(one[at]!, other[at]);
      expect(Math.sign(comparePaths(joined(one), joined(other)))).toBe(Math.sign(order));
    }),
  );
});

it('no bytes are a seal by chance', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const sealed = { key: KEY, use: '', folderName: '' };
      expect(openSeal(Buffer.from(bytes), sealed)).toHaveProperty('reason');
    }),
  );
});
