/** The policy of a process that runs for weeks. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LivePolicy } from '../../../../packages/server/src/serving/live-policy.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

const exception = {
  package: 'a@1.0.0',
  rule: 'symlink',
  sha512: 'a'.repeat(128),
  reason: 'looked at',
  expires: '2026-11-29',
};

let root: string;
let file: string;
let warnings: string[];
freshFolder((made) => {
  root = made;
  file = join(root, 'tarwarden/policy.json');
  mkdirSync(dirname(file));
  warnings = [];
  vi.useFakeTimers({ now: new Date('2026-11-29T23:59:59Z'), toFake: ['Date', 'performance'] });
});
afterEach(() => vi.useRealTimers());

const write = (policy: object | string): void =>
  writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy));
const open = (): LivePolicy =>
  new LivePolicy({ env: { XDG_CONFIG_HOME: root } }, (text) => warnings.push(text));

it('is the same object as long as nothing changes', () => {
  write({ exceptions: [exception] });
  const live = open();
  const { current } = live;
  vi.advanceTimersByTime(500);
  expect(live.current).toBe(current);
});

it('begins a new day at midnight UTC, and says which exception has ended', () => {
  write({ exceptions: [exception] });
  const live = open();
  expect(live.current.policy.today).toBe('2026-11-29');
  expect(warnings).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(live.current.policy.today).toBe('2026-11-30');
  expect(warnings).toEqual([expect.stringMatching(/expired on 2026-11-29/)]);
});

it('reads a changed file, and one that is new or gone', () => {
  const live = open();
  expect(live.current.policy.exceptions).toEqual([]);
  write({ exceptions: [exception] });
  vi.advanceTimersByTime(1_000);
  expect(live.current.policy.exceptions).toHaveLength(1);
  rmSync(file);
  vi.advanceTimersByTime(1_000);
  expect(live.current.policy.exceptions).toEqual([]);
});

it.each([
  ['is not JSON', '{'],
  ['breaks the schema', '{"levels":{"symlink":"no"}}'],
])('keeps the last policy while the file %s, and its exceptions end on their day', (_, text) => {
  const levels = { symlink: 'off', 'gzip-optional-header': 'error' };
  write({ exceptions: [exception], levels, limits: { entries: 10 } });
  const live = open();
  const before = live.current.policy;
  write(text);
  vi.advanceTimersByTime(500);
  expect(live.current.policy).toBe(before);
  vi.advanceTimersByTime(600);
  expect(live.problem).toMatch(/the policy before it counts/);
  expect(live.current.policy).toEqual({ ...before, today: '2026-11-30' });
  expect(warnings).toEqual([expect.stringContaining('the one before it counts')]);
  write({ levels: { symlink: 'off' } });
  vi.advanceTimersByTime(1_000);
  expect(live.current.policy.levels).toEqual({ symlink: 'off' });
  expect(live.problem).toBeUndefined();
});

describe('a file that the user names', () => {
  const openNamed = (): LivePolicy => {
    const options = { env: { XDG_CONFIG_HOME: root }, userFile: join(root, 'named.json') };
    return new LivePolicy(options, (text) => warnings.push(text));
  };
  const named = (policy: object): void =>
    void putFile(join(root, 'named.json'), JSON.stringify(policy));

  it("counts in place of the user's own, and may loosen", () => {
    write({ limits: { entries: 10 } });
    named({ exceptions: [exception] });
    const { policy } = openNamed().current;
    expect(policy.exceptions).toMatchObject([exception]);
    expect(policy.limits.entries).not.toBe(10);
  });

  it('must exist, and counts as it was when it is gone later', () => {
    expect(openNamed).toThrow(/named\.json does not exist/);
    named({ exceptions: [exception] });
    const live = openNamed();
    rmSync(join(root, 'named.json'));
    vi.advanceTimersByTime(500);
    expect(live.current.policy.exceptions).toHaveLength(1);
    vi.advanceTimersByTime(600);
    expect(live.problem).toMatch(/the policy before it counts/);
    expect(live.current.policy.exceptions).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining('named.json does not exist')]);
  });

  it('must not be written by others, and its folder may', () => {
    named({});
    chmodSync(root, 0o777);
    expect(openNamed).not.toThrow();
    chmodSync(join(root, 'named.json'), 0o666);
    expect(openNamed).toThrow(/can be written by every user/);
  });
});
