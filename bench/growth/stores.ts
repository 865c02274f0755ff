/* The time that it takes to find the verdicts of 500 packages among a thousand to a million others that a machine remembers. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect, RULESET, type Verdict } from '@tarwarden/core';
import { openVerdictStore, type VerdictKey, type VerdictStore } from '@tarwarden/guard';
import { tgz } from '../../test/support/pkg.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import type { Row } from '../result.ts';

const ENTRIES = [1_000, 10_000, 100_000, 1_000_000] as const;
const ASKED = 500;
/** Reading is short. */
const ROUNDS_MOST = 5;

const label = (entries: number): string => entries.toLocaleString('en');
const keyOf = (index: number): VerdictKey => ({
  integrity: `sha512-${createHash('sha512').update(String(index)).digest('base64')}`,
});

/** The store of one machine. It keeps the newest 20,000. */
export async function rememberedRows(parent: string, rounds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(parent, 'tarwarden-growth-'));
  try {
    const verdict = inspect(tgz({ name: 'made', files: { 'index.js': '1' } }));
    const contenders = ENTRIES.map((entries): Contender => {
      const open = (): VerdictStore => storeIn(join(folder, String(entries)));
      fill(open(), entries, verdict);
      return { name: `${label(entries)} remembered`, run: () => readNewest(open(), entries) };
    });
    const group = `growth: ${ASKED} verdicts that this machine remembers`;
    return wallRows(group, contenders, await contest(contenders, Math.min(rounds, ROUNDS_MOST)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function storeIn(folder: string): VerdictStore {
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_STATE_HOME: join(folder, 'state') };
  return openVerdictStore({ ruleset: RULESET, policy: DEFAULT_POLICY, env });
}

function fill(store: VerdictStore, entries: number, verdict: Verdict): void {
  for (let index = 0; index < entries; index += 1) store.put(keyOf(index), verdict);
  store.flush();
}

function readNewest(store: VerdictStore, entries: number): { wall: number; cpu: number } {
  const since = now();
  for (let index = entries - ASKED; index < entries; index += 1)
    if (store.get(keyOf(index)) === undefined) throw new Error('a verdict was forgotten');
  return costSince(since);
}

interface Moment {
  readonly clock: number;
  readonly cpu: NodeJS.CpuUsage;
}

const now = (): Moment => ({ clock: performance.now(), cpu: process.cpuUsage() });

/** Milliseconds since then. */
function costSince({ clock, cpu }: Moment): { wall: number; cpu: number } {
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - clock, cpu: (user + system) / 1000 };
}
