/** The lists of files behind tree digests: each proves itself by its digest. */
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { digestOfTreeText, treeText, type UnpackedFiles } from '@tarwarden/core/trees';
import { describe, expect, it, vi } from 'vitest';
import { Inspector, KeptTrees, knownTree, rejected, type VerdictKey } from '@tarwarden/host';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { tgz } from '../../../support/pkg.ts';

let folder: string;
freshFolder((made) => (folder = made));

const env = (): Record<string, string> => ({ HOME: folder });
const lists = (): string => join(folder, '.cache/tarwarden/trees/v1');

function listOf(...paths: string[]): { files: UnpackedFiles; text: string; digest: string } {
  const files = new Map(
    paths.map((path) => [path, { sha512: '0'.repeat(128), executable: false }] as const),
  );
  const text = treeText('pnpm', files);
  return { files, text, digest: digestOfTreeText(text) };
}

describe.skipIf(process.platform !== 'linux')('the list of a tree digest', () => {
  it('is kept for its owner alone, and found by other processes', () => {
    const { files, text, digest } = listOf('a', 'lib/b');
    expect(knownTree(digest, env())).toBeUndefined();
    new KeptTrees(env()).keep(digest, text);
    expect(knownTree(digest, env())).toEqual(files);
    const names = readdirSync(lists());
    expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{128}$/)]);
    expect((statSync(join(lists(), names[0]!)).mode & 0o777).toString(8)).toBe('600');
  });

  it('does not count after it was changed, exchanged, or put behind a link', () => {
    const [one, other] = [listOf('a'), listOf('b')];
    const kept = new KeptTrees(env());
    for (const { digest, text } of [one, other]) kept.keep(digest, text);
    const [first, second] = readdirSync(lists()).map((name) => join(lists(), name));
    const texts = [readFileSync(first!, 'utf8'), readFileSync(second!, 'utf8')];
    writeFileSync(first!, texts[1]!);
    writeFileSync(second!, texts[1]!.replace(/a|b$/, 'c'));
    expect([one, other].map(({ digest }) => knownTree(digest, env()))).toContain(undefined);
    writeFileSync(first!, texts[0]!.replace('- 0', 'x 0'));
    expect([one, other].map(({ digest }) => knownTree(digest, env()))).toContain(undefined);
    const more = listOf('c');
    writeFileSync(join(folder, 'file'), more.text);
    const hex = Buffer.from(more.digest.slice(7), 'base64').toString('hex');
    symlinkSync(join(folder, 'file'), join(lists(), hex));
    expect(knownTree(more.digest, env())).toBeUndefined();
  });

  it('is not looked for under a text that is no digest', () => {
    for (const digest of ['', 'sha512-', 'sha512-../../x', '../x', 'sha1-x'])
      expect(knownTree(digest, env())).toBeUndefined();
  });

  it('is not kept in a folder to which others can write', () => {
    const { text, digest } = listOf('a');
    new KeptTrees(env()).keep(digest, text);
    chmodSync(lists(), 0o777);
    const more = listOf('b');
    new KeptTrees(env()).keep(more.digest, more.text);
    expect(readdirSync(lists())).toHaveLength(1);
  });

  it('is removed with the oldest if there are too many, or too many bytes', () => {
    const kept = new KeptTrees(env());
    const all = ['a', 'b', 'c', 'd'].map((path) => listOf(path));
    for (const [index, { digest, text }] of all.entries()) {
      kept.keep(digest, text);
      const hex = Buffer.from(digest.slice(7), 'base64').toString('hex');
      utimesSync(join(lists(), hex), 1000 + index, 1000 + index);
    }
    kept.tidy({ listsMax: 3 });
    const known = (): boolean[] => all.map(({ digest }) => knownTree(digest, env()) !== undefined);
    expect(known()).toEqual([false, true, true, true]);
    kept.tidy({ listsMax: 0 });
    expect(known()).toEqual([false, true, true, true]);
    const more = listOf('e');
    kept.keep(more.digest, more.text);
    kept.tidy({ bytesMax: 2 * more.text.length });
    expect(known()).toEqual([false, false, false, true]);
    expect(knownTree(more.digest, env())).toEqual(more.files);
  });
});

describe('an inspector that wants tree digests', () => {
  const CLEAN = tgz({ name: 'fixture', files: { 'lib/a.js': 'x' } });
  const known: VerdictKey = { integrity: inspect(CLEAN).archive.integrity };
  const subject = { label: 'fixture@1.0.0' };

  function inspector(trees?: readonly ('npm' | 'pnpm' | 'gem')[]): Inspector {
    return new Inspector({
      policy: DEFAULT_POLICY,
      env: env(),
      trees,
      describe: rejected,
      refuse: ({ headline }) => new Error(headline),
    });
  }

  async function inspected(
    by: Inspector,
    bytes = CLEAN,
  ): Promise<{ verdict: Verdict; runs: number }> {
    const run = vi.fn(() => inspect(bytes, by.treeOptions));
    const { integrity } = inspect(bytes).archive;
    const verdict = await by.inspect({ subject, known: { integrity }, run });
    return { verdict, runs: run.mock.calls.length };
  }

  it('inspects an archive again whose remembered verdict states none, and then no more', async () => {
    expect((await inspected(inspector())).runs).toBe(1);
    const own = inspector(['pnpm']);
    own.store.put(known, inspect(CLEAN));
    expect(own.store.get(known)).toBeUndefined();
    const { verdict, runs } = await inspected(own);
    expect(runs).toBe(1);
    expect(knownTree(verdict.trees?.pnpm ?? '', env())?.has('lib/a.js')).toBe(true);
    expect((await inspected(own)).runs).toBe(0);
    expect(own.store.get(known)?.trees).toEqual(verdict.trees);
  });

  it('is content with a verdict that cannot state the tree of a client of another format', async () => {
    const own = inspector(['gem']);
    own.store.put(known, inspect(CLEAN));
    expect((await inspected(own)).runs).toBe(0);
  });

  it('is content with a rejection', async () => {
    const hostile = attack('symlink').build();
    const own = inspector(['pnpm']);
    await expect(inspected(own, hostile)).rejects.toThrow('fixture@1.0.0');
    const { integrity } = inspect(hostile).archive;
    expect(own.store.get({ integrity })?.status).toBe('reject');
  });

  it('leaves no list and asks for no tree if it wants none', async () => {
    const own = inspector();
    expect(own.treeOptions).toEqual({});
    await inspected(own);
    expect(existsSync(lists())).toBe(false);
  });
});
