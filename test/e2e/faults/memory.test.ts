/** What 64 packages of 40 MB, which are all downloaded at once, take in memory. Some minutes, and 5 GB of disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { startLargeRegistry } from './large-registry.ts';
import { guard } from './world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const MB = 1024 * 1024;
const PACKAGES = 64;
const BYTES = 40 * MB;
const TIMEOUT = 600_000;

/** The largest process of an install, in MB. */
async function peakOf(manager: ManagerName, guarded: boolean, chunked: boolean): Promise<number> {
  const registry = await startLargeRegistry({ packages: PACKAGES, bytes: BYTES, chunked });
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, ...residentBelow(sandbox.root));
  }, 100);
  try {
    const dependencies = Object.fromEntries(registry.names.map((name) => [name, '1.0.0']));
    sandbox.write({ 'package.json': { name: 'project', dependencies } });
    const env = guarded ? guard(manager, sandbox) : {};
    const result = await run(manager, ['install'], { sandbox, env, timeout: TIMEOUT });
    expect(result).toMatchObject({ code: 0 });
    return Math.round(peak);
  } finally {
    clearInterval(timer);
    sandbox.dispose();
    registry.close();
  }
}

/** Peaks of processes whose environment names the sandbox, in MB. */
function residentBelow(root: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/environ`, 'utf8').includes(root))
        return [];
      const [, kilobytes] =
        /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return [Number(kilobytes ?? 0) / 1024];
    } catch {
      return [];
    }
  });
}

test.skipIf(!full || process.platform !== 'linux').each(
  (
    [
      // In MB. pnpm 12 unpacks in a process of its own: there it is the hook alone.
      ['pnpm-12', false, 600],
      ['pnpm-12', true, 600],
      ['pnpm-10', false, 2000],
      ['npm-11', false, 1600],
      ['npm-11', true, 1600],
      ['yarn-1', false, 1200],
    ] as const
  ).filter(([manager]) => available(manager).ok),
)('%s (lengths hidden: %s) stays below %i MB', async (manager, chunked, most) => {
  const [guarded, bare] = [
    await peakOf(manager, true, chunked),
    await peakOf(manager, false, chunked),
  ];
  console.log(`${manager}: ${guarded} MB guarded, ${bare} MB bare`);
  expect(guarded).toBeLessThan(most);
});
