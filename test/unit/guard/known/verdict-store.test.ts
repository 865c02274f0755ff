import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cacheDirectory } from '../../../../packages/guard/src/known/cache-directory.ts';
import {
  openVerdictStore,
  policyFingerprint,
  type VerdictStore,
} from '../../../../packages/guard/src/known/verdict-store.ts';
import { DEFAULT_POLICY } from '../../../../packages/core/src/policy/policy.ts';
import type { Policy } from '../../../../packages/core/src/policy/policy.ts';
import type { Verdict } from '../../../../packages/core/src/finding/verdict.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let directory: string;
freshFolder((made) => (directory = made));

const open = (policy: Policy = DEFAULT_POLICY, ruleset = 'rules-1'): VerdictStore =>
  openVerdictStore({
    ruleset,
    policy,
    env: { XDG_STATE_HOME: join(directory, 'state') },
    directory,
  });

const sri = (text: string, algorithm = 'sha512'): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

const accepted = (text: string): Verdict => ({
  status: 'accept',
  format: 'npm',
  findings: [],
  omitted: 0,
  archive: { sha512: 'aa', integrity: sri(text), compressedBytes: 1, unpackedBytes: 2, entries: 3 },
});

const remember = (store: VerdictStore, text: string): void => {
  store.put({ integrity: sri(text) }, accepted(text));
  store.flush();
};

const getMany = (store: VerdictStore, texts: readonly string[]): (Verdict | undefined)[] =>
  texts.map((text) => store.get({ integrity: sri(text) }));

const filesOf = (store: VerdictStore): string[] => {
  const folder = store.directory ?? '';
  return readdirSync(folder).map((name) => join(folder, name));
};

describe('verdict store', () => {
  it('finds no verdict of one folder of an archive for another, or for the whole', () => {
    const store = open();
    const integrity = sri('a');
    store.put({ integrity, folder: 'first' }, accepted('a'));
    expect(store.get({ integrity, folder: 'first' })).toEqual(accepted('a'));
    expect(store.get({ integrity, folder: 'second' })).toBeUndefined();
    expect(store.get({ integrity })).toBeUndefined();
    expect(store.get({ integrity, folder: '' })).toBeUndefined();
  });

  it('finds a verdict again in another process', () => {
    remember(open(), 'a');
    expect(open().get({ integrity: sri('a') })).toEqual(accepted('a'));
    expect(getMany(open(), ['b', 'a'])).toEqual([undefined, accepted('a')]);
  });

  it('writes verdicts two seconds after the first call of flushSoon', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const store = open();
      store.put({ integrity: sri('a') }, accepted('a'));
      store.flushSoon();
      vi.advanceTimersByTime(1000);
      store.put({ integrity: sri('b') }, accepted('b'));
      store.flushSoon();
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(999);
      expect(open().get({ integrity: sri('a') })).toBeUndefined();
      vi.advanceTimersByTime(1);
      expect(getMany(open(), ['a', 'b'])).toEqual([accepted('a'), accepted('b')]);
      store.flushSoon();
      expect(vi.getTimerCount()).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('knows a verdict before it is flushed', () => {
    const store = open();
    store.put({ integrity: sri('a') }, accepted('a'));
    expect(store.get({ integrity: sri('a') })).toEqual(accepted('a'));
    expect(open().get({ integrity: sri('a') })).toBeUndefined();
  });

  it.each<[string, () => VerdictStore]>([
    ['rule set', () => open(DEFAULT_POLICY, 'rules-2')],
    ['policy', () => open({ ...DEFAULT_POLICY, links: 'contained' })],
  ])('asks again under another %s', (_, other) => {
    remember(open(), 'a');
    expect(other().get({ integrity: sri('a') })).toBeUndefined();
  });

  it('keeps apart what was inspected against another identity or as another format', () => {
    const store = open();
    const key = { integrity: sri('a'), expected: { name: 'a', version: '1.0.0' } };
    store.put(key, accepted('a'));
    expect(store.get(key)).toBeDefined();
    expect(store.get({ integrity: sri('a') })).toBeUndefined();
    expect(store.get({ ...key, expected: { name: 'b', version: '1.0.0' } })).toBeUndefined();
    expect(store.get({ ...key, format: 'yarn-zip' })).toBeUndefined();
  });

  it.each(['sha1', 'md5'])('never remembers by %s', (algorithm) => {
    const store = open();
    store.put({ integrity: sri('a', algorithm) }, accepted('a'));
    expect(store.get({ integrity: sri('a', algorithm) })).toBeUndefined();
  });

  it('never remembers by a list of hashes', () => {
    const store = open();
    store.put({ integrity: `${sri('a')} ${sri('b')}` }, accepted('a'));
    expect(store.get({ integrity: `${sri('a')} ${sri('b')}` })).toBeUndefined();
  });

  it('keeps links between digests', () => {
    const store = open();
    store.putLink('yarn-zip:one', sri('a'));
    store.flush();
    expect(open().getLink('yarn-zip:one')).toBe(sri('a'));
    expect(open().getLink('yarn-zip:two')).toBeUndefined();
  });

  it.each<[string, (text: string) => string]>([
    ['cut', (text) => text.slice(0, -80)],
    ['changed', (text) => text.replace('"accept"', '"reject"')],
    ['extended', (text) => `${text}${'0'.repeat(64)} {}\n`],
    ['empty', () => ''],
    ['binary', () => '\0'.repeat(4096)],
  ])('passes over a file that is %s', (_, damage) => {
    remember(open(), 'a');
    for (const file of filesOf(open())) writeFileSync(file, damage(readFileSync(file, 'utf8')));
    remember(open(), 'b');
    expect(getMany(open(), ['a', 'b'])).toEqual([undefined, accepted('b')]);
  });

  it('passes over an entry whose value is no verdict', () => {
    const store = open();
    store.put({ integrity: sri('a') }, { status: 'fine' } as unknown as Verdict);
    expect(store.get({ integrity: sri('a') })).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is for its owner alone to read and write', () => {
    const store = open();
    remember(store, 'a');
    const modes = [...filesOf(store), store.directory ?? ''].map((path) => statSync(path).mode);
    expect(modes.map((mode) => (mode & 0o7777).toString(8))).toEqual(['600', '700']);
  });

  it.skipIf(process.platform === 'win32')('passes over a file that is a link', () => {
    remember(open(), 'a');
    const [file = ''] = filesOf(open());
    const elsewhere = join(directory, 'elsewhere');
    writeFileSync(elsewhere, readFileSync(file), { mode: 0o600 });
    rmSync(file);
    symlinkSync(elsewhere, file);
    expect(open().get({ integrity: sri('a') })).toBeUndefined();
  });

  it('follows no link in the place of its file', () => {
    remember(open(), 'a');
    const [file = ''] = filesOf(open());
    rmSync(file);
    symlinkSync(join(directory, 'elsewhere'), file);
    remember(open(), 'b');
    expect(existsSync(join(directory, 'elsewhere'))).toBe(false);
    expect(open().get({ integrity: sri('b') })).toBeUndefined();
  });

  it('has one file, in which the newest entries stay', () => {
    const store = open();
    for (let index = 0; index < 20_010; index += 1) store.putLink(`name ${index}`, `${index}`);
    store.flush();
    expect(filesOf(store)).toHaveLength(1);
    expect(readFileSync(filesOf(store)[0]!, 'utf8').split('\n').length).toBeLessThan(20_000);
    const links = [0, 3000, 19_000, 20_009].map((index) => open().getLink(`name ${index}`));
    expect(links).toEqual([undefined, undefined, '19000', '20009']);
  });

  it('removes files of other keys and abandoned files after a week', () => {
    remember(open(), 'a');
    const folder = open().directory ?? '';
    const [old, young] = ['old.tmp', 'other-key.verdicts'].map((name) => join(folder, name));
    for (const path of [old!, young!]) writeFileSync(path, '');
    const before = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(old!, before, before);
    remember(open(), 'b');
    expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
  });

  it('keeps a bounded number of rule sets', () => {
    for (let rules = 0; rules < 12; rules += 1)
      remember(open(DEFAULT_POLICY, `rules-${rules}`), 'a');
    expect(readdirSync(join(directory, 'v1'))).toHaveLength(8);
    expect(open(DEFAULT_POLICY, 'rules-11').get({ integrity: sri('a') })).toEqual(accepted('a'));
  });

  it('never drops what is to be kept', () => {
    const kept = (): VerdictStore =>
      openVerdictStore({
        ruleset: 'notes',
        policy: DEFAULT_POLICY,
        env: {},
        directory,
        isKept: true,
      });
    remember(kept(), 'a');
    for (let rules = 0; rules < 12; rules += 1)
      remember(open(DEFAULT_POLICY, `rules-${rules}`), 'a');
    expect(kept().get({ integrity: sri('a') })).toEqual(accepted('a'));
  });

  it('lets two stores of one folder write without loss', () => {
    const one = open();
    const two = open();
    remember(one, 'a');
    remember(two, 'b');
    remember(one, 'c');
    const found = getMany(open(), ['a', 'b', 'c']);
    expect(found).toEqual([accepted('a'), accepted('b'), accepted('c')]);
  });

  it('adds again what another process has overwritten at the same moment', () => {
    const one = open();
    remember(one, 'a');
    for (const file of filesOf(one)) rmSync(file);
    remember(open(), 'b');
    remember(one, 'c');
    const stored = getMany(open(), ['a', 'b', 'c']);
    expect(stored).toEqual([accepted('a'), accepted('b'), accepted('c')]);
  });
});

describe('policyFingerprint', () => {
  it('tells runs that only report from those that refuse', () => {
    expect(policyFingerprint({ ...DEFAULT_POLICY, mode: 'report' })).not.toBe(
      policyFingerprint(DEFAULT_POLICY),
    );
  });

  const exception = {
    package: 'a@1.0.0',
    rule: 'symlink',
    sha512: 'aa',
    reason: 'known',
    expires: '2027-01-01',
  } as const;
  const withException = (today: string): Policy => ({
    ...DEFAULT_POLICY,
    today,
    exceptions: [exception] as never,
  });

  it('does not depend on the day', () => {
    expect(policyFingerprint({ ...DEFAULT_POLICY, today: '2026-01-01' })).toBe(
      policyFingerprint(DEFAULT_POLICY),
    );
    expect(policyFingerprint(withException('2026-12-31'))).toBe(
      policyFingerprint(withException('2027-01-01')),
    );
  });

  it('changes when an exception expires', () => {
    expect(policyFingerprint(withException('2027-01-02'))).not.toBe(
      policyFingerprint(withException('2027-01-01')),
    );
  });

  it('does not depend on the order of fields', () => {
    const { links, ...rest } = DEFAULT_POLICY;
    expect(policyFingerprint({ ...rest, links })).toBe(policyFingerprint(DEFAULT_POLICY));
  });
});

describe('cacheDirectory', () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', { HOME: '/home/a' }, '/home/a/.cache/tarwarden'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '/x' }, '/x/tarwarden'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: 'relative' }, '/home/a/.cache/tarwarden'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Caches/tarwarden'],
  ])('on %s with %o is %s', (platform, env, wanted) => {
    expect(cacheDirectory(env, platform)).toBe(wanted);
  });
});
