/** The policy of a process that runs for weeks. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LivePolicy } from '@tarwarden/host';
import { afterEach, expect, it, vi } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';

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
])('keeps what is strict and drops what loosens while the file %s', (_, text) => {
  write({
    exceptions: [{ ...exception, expires: '2999-01-01' }],
    levels: { symlink: 'off', 'gzip-optional-header': 'error' },
    limits: { entries: 10 },
  });
  const live = open();
  write(text);
  vi.advanceTimersByTime(1_000);
  const { policy } = live.current;
  expect(policy.exceptions).toEqual([]);
  expect(policy.levels).toEqual({ 'gzip-optional-header': 'error' });
  expect(policy.limits.entries).toBe(10);
  expect(warnings).toEqual([expect.stringContaining('nothing in it that loosens counts')]);
  write({ levels: { symlink: 'off' } });
  vi.advanceTimersByTime(1_000);
  expect(live.current.policy.levels).toEqual({ symlink: 'off' });
});
