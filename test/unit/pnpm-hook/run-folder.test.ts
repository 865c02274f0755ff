import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hasEnded, processName } from '../../../packages/guard/src/run/process-name.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

/** Where processes are named by more than their number. */
const named = process.platform === 'linux';

const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe.skipIf(!named)('the name of a process', () => {
  it('is its own for good', () => {
    expect(processName(process.pid)).toMatch(/^[0-9a-f]{16}-\d+-\d+$/);
    expect(processName(process.pid)).toBe(processName(process.pid));
    expect(processName(process.ppid)).not.toBe(processName(process.pid));
  });

  it('says when it has ended', () => {
    const name = processName(process.pid);
    expect(hasEnded(name)).toBe(false);
    expect(hasEnded(processName(gone()))).toBe(true);
    // The same number, given out anew.
    expect(hasEnded(name.replace(/\d+$/, '7'))).toBe(true);
  });

  it.each([
    ['of another container', (name: string) => name.replace(/^..../, 'zzzz')],
    ['of a system that does not tell', (name: string) => name.replace(/\d+$/, 'unknown')],
    ['of an earlier release', () => '4711'],
    ['of no process', (name: string) => name.replace(/-\d+-/, '-0-')],
  ])('%s is not inspected', (_, change) => {
    expect(hasEnded(change(processName(process.pid)))).toBe(false);
  });
});

describe('the folder for what a command leaves', () => {
  let cache: string;
  let run: string;
  freshFolder((made) => {
    cache = made;
    vi.stubEnv('XDG_CACHE_HOME', cache);
    run = join(cache, 'tarwarden/run');
    mkdirSync(run, { recursive: true, mode: 0o700 });
    vi.resetModules();
  });

  const open = async (): Promise<string | undefined> =>
    (await import('../../../packages/pnpm-hook/src/handoff/run-folder.ts')).openRunFolder();
  const put = (name: string, hours: number): void => {
    writeFileSync(join(run, name), '');
    const time = Date.now() / 1000 - hours * 3600;
    utimesSync(join(run, name), time, time);
  };

  it.skipIf(!named)('keeps what others may still need, and nothing else of ours', async () => {
    const foreign = `pnpm-${'0'.repeat(16)}-1-1-abc`;
    const alive = `pnpm-${processName(process.pid)}-abc`;
    const ended = `pnpm-${processName(gone())}-abc`;
    for (const name of [foreign, alive, `${ended}.json`]) put(name, 23);
    mkdirSync(join(run, ended));
    put('pnpm-4711-abc', 23);
    for (const name of ['pnpm-1-old', `pnpm-${'0'.repeat(16)}-2-2-old`, 'another']) put(name, 25);
    expect(await open()).toBe(run);
    expect(readdirSync(run)).toEqual(['another', foreign, 'pnpm-4711-abc', alive].toSorted());
  });
});
