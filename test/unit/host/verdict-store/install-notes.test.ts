import {
  chmodSync,
  cpSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../../../packages/core/src/policy/policy.ts';
import type { Verdict } from '../../../../packages/core/src/finding/verdict.ts';
import {
  openVerdictStore,
  type VerdictStore,
} from '../../../../packages/host/src/verdict-store/verdict-store.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let directory: string;
freshFolder((made) => (directory = made));

interface Opening {
  readonly policy?: Policy;
  readonly ruleset?: string;
  readonly signers?: string;
  readonly env?: Record<string, string>;
}

const open = ({ policy = DEFAULT_POLICY, ruleset = 'rules', signers, env }: Opening = {}) =>
  openVerdictStore({
    ruleset,
    policy,
    env: { XDG_STATE_HOME: join(directory, 'state'), ...env },
    directory: join(directory, 'cache'),
    ...(signers !== undefined && { signers }),
  });

const key = (text: string): { integrity: string } => ({
  integrity: `sha512-${Buffer.alloc(64, text).toString('base64')}`,
});
const verdict = (text: string, status: Verdict['status'] = 'accept'): Verdict => ({
  status,
  format: 'npm',
  findings: [],
  omitted: 0,
  archive: { sha512: 'aa', ...key(text), compressedBytes: 1, unpackedBytes: 2, entries: 3 },
});

const TEXT = Buffer.from('all is well\n');
const notes = (store: VerdictStore): string[] =>
  readdirSync(store.directory!)
    .filter((name) => name.endsWith('.note'))
    .map((name) => join(store.directory!, name));

function kept(): VerdictStore {
  const store = open();
  store.put(key('a'), verdict('a'));
  store.putNote('a lockfile', TEXT);
  return store;
}

describe('a note about an install', () => {
  it('is found by another process, for exactly its circumstances', () => {
    kept();
    expect(open().getNote('a lockfile')).toEqual(TEXT);
    expect(open().getNote('a lockfile ')).toBeUndefined();
    expect(open({ ruleset: 'others' }).getNote('a lockfile')).toBeUndefined();
    expect(open({ signers: 'somebody' }).getNote('a lockfile')).toBeUndefined();
  });

  it.each<[string, Partial<Policy>]>([
    ['mode', { mode: 'report' }],
    ['exceptions', { exceptions: [{ rule: 'x' } as unknown as Policy['exceptions'][number]] }],
  ])('is another one under another policy: %s', (_name, change) => {
    kept();
    expect(
      open({ policy: { ...DEFAULT_POLICY, ...change } }).getNote('a lockfile'),
    ).toBeUndefined();
  });

  it('stays after other verdicts that accept, and ends with one that rejects', () => {
    kept();
    const other = open();
    other.put(key('b'), verdict('b'));
    other.putLink('x', '{"status":"reject"}');
    other.flush();
    expect(open().getNote('a lockfile')).toEqual(TEXT);
    other.put(key('a'), verdict('a', 'reject'));
    other.flush();
    expect(open().getNote('a lockfile')).toBeUndefined();
  });

  it('ends with a rejection that was written while its writer worked', () => {
    const store = open();
    store.get(key('a'));
    const other = open();
    other.put(key('a'), verdict('a', 'reject'));
    other.flush();
    store.putNote('a lockfile', TEXT);
    expect(open().getNote('a lockfile')).toBeUndefined();
  });

  it('ends with such a rejection also where its writer merges the segments', () => {
    for (let segment = 0; segment < 23; segment += 1) {
      const store = open();
      store.putLink(`link ${segment}`, 'x');
      store.flush();
    }
    const store = open();
    store.put(key('a'), verdict('a'));
    store.flush();
    store.putLink('another', 'x');
    const other = open();
    other.put(key('a'), verdict('a', 'reject'));
    other.flush();
    store.putNote('a lockfile', TEXT);
    const segments = readdirSync(store.directory!).filter((name) => name.endsWith('.seg'));
    expect(segments).toHaveLength(1);
    expect(open().get(key('a'))?.status).toBe('reject');
    expect(open().getNote('a lockfile')).toBeUndefined();
  });

  it('ends with the verdicts that it rests on', () => {
    const folder = kept().directory!;
    const [segment] = readdirSync(folder).filter((name) => name.endsWith('.seg'));
    rmSync(join(folder, segment!));
    expect(open().getNote('a lockfile')).toBeUndefined();
  });

  it('counts only as this machine has written it, with its own name and in its own folder', () => {
    const store = kept();
    const [path = ''] = notes(store);
    const bytes = readFileSync(path);
    for (const at of [0, 20, bytes.length - 40, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      writeFileSync(path, changed);
      expect(open().getNote('a lockfile')).toBeUndefined();
    }
    for (const cut of [bytes.subarray(0, 10), bytes.subarray(1), bytes.subarray(0, -1)]) {
      writeFileSync(path, cut);
      expect(open().getNote('a lockfile')).toBeUndefined();
    }
    writeFileSync(path, bytes);
    expect(open().getNote('a lockfile')).toEqual(TEXT);
    // The note of another lockfile under this name.
    store.putNote('another lockfile', Buffer.from('others'));
    const another = notes(store).find((note) => note !== path)!;
    renameSync(another, path);
    expect(open().getNote('a lockfile')).toBeUndefined();
    // The cache of another machine.
    writeFileSync(path, bytes);
    const elsewhere = { XDG_STATE_HOME: join(directory, 'elsewhere') };
    open({ env: elsewhere }).putNote('a lockfile', Buffer.from('others'));
    renameSync(
      notes(store).find((note) => note !== path && note !== another)!,
      path,
    );
    expect(open().getNote('a lockfile')).toBeUndefined();
    expect(open({ env: elsewhere }).getNote('a lockfile')).toBeUndefined();
    // A secret replaces the key of the machine.
    const env = { TARWARDEN_SEAL_KEY: 'x'.repeat(32) };
    expect(open({ env }).getNote('a lockfile')).toBeUndefined();
  });

  it('does not count in the folder of another policy', () => {
    const from = kept().directory!;
    const other = open({ ruleset: 'others' });
    other.put(key('a'), verdict('a'));
    other.putNote('a lockfile', Buffer.from('others'));
    const [name = ''] = notes(other);
    for (const path of notes(open())) cpSync(path, name);
    cpSync(from, other.directory!, { recursive: true });
    expect(other.getNote('a lockfile')).toBeUndefined();
  });

  it.runIf(process.getuid)('does not count as a link, or if others can write to it', () => {
    const [path = ''] = notes(kept());
    chmodSync(path, 0o622);
    expect(open().getNote('a lockfile')).toBeUndefined();
    chmodSync(path, 0o600);
    renameSync(path, `${path}.moved`);
    symlinkSync(`${path}.moved`, path);
    expect(open().getNote('a lockfile')).toBeUndefined();
  });

  it('is one of few: the oldest are removed', () => {
    const store = kept();
    for (let index = 0; index < 20; index += 1) store.putNote(`lockfile ${index}`, TEXT);
    expect(notes(store)).toHaveLength(16);
  });
});
