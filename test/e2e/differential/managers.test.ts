/**
 * Accepted means unambiguous, with the real managers: what is accepted, they install with the files, bytes and executable
 * bits that the verdict promises. The same archives each time; `pnpm fuzz` goes on with others. TARWARDEN_E2E_FULL=1 takes
 * all managers, the newest of each kind otherwise.
 */
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accepted,
  firstAccepted,
  packageName,
  type Accepted,
  type Promised,
} from '../../fuzz/managers/archives.ts';
import { disagreementsOf, installed } from '../../fuzz/managers/install.ts';
import { MANAGERS } from '../../fuzz/managers/slice.ts';
import { seedTars } from '../../fuzz/seeds.ts';
import { attacks } from '../../support/attacks.ts';
import { available, type ManagerName } from '../../support/managers.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const newest: readonly ManagerName[] = ['npm-12', 'pnpm-12', 'yarn-4', 'bun'];

const SEED = 7;
const COUNT = 60;

/** Archives that are rejected, and which managers install other files of them than our reader sees. */
const rejected: Readonly<Record<string, (manager: ManagerName) => boolean>> = {
  'leading-dot-folder': (manager) => !/^yarn-[34]$/.test(manager),
  'execute-without-owner': (manager) => /^(?:pnpm|yarn-[34])/.test(manager),
};

/** A rejected archive with what it would promise, were it not for its rule. */
function control(attackId: string, index: number): Accepted {
  const attack = attacks.find((one) => one.id === attackId);
  const id = `ctl${index}`;
  const tgz = attack?.build({ name: packageName(id) }) ?? Buffer.alloc(0);
  expect(inspect(tgz).status).toBe('reject');
  const levels = Object.fromEntries((attack?.rule ?? []).map((rule) => [rule, 'warning' as const]));
  const one = accepted(id, tgz, { ...DEFAULT_POLICY, levels });
  if (one === undefined) throw new Error(`${attackId} has other rules`);
  return one;
}

/** What is not as it lies on disk, in each way that a file can be another. */
function broken({ promised }: Accepted): Map<string, Promised>[] {
  const at = 'package.json';
  const file = promised.get(at);
  if (file?.kind !== 'file') throw new Error('there is no package.json');
  const other = (one: Promised): Map<string, Promised> => new Map([...promised, [at, one]]);
  return [
    other({ ...file, content: Buffer.concat([file.content, Buffer.from('\n')]) }),
    other({ ...file, executable: !file.executable }),
    other({ kind: 'directory' }),
    new Map([...promised].filter(([path]) => path !== at)),
    new Map([...promised, ['not-there.js', file]]),
  ];
}

let archives: readonly Accepted[] = [];
let controls: readonly Accepted[] = [];
beforeAll(async () => {
  archives = firstAccepted(SEED, COUNT, await seedTars());
  controls = Object.keys(rejected).map(control);
});

describe('what was generated, changed and accepted', () => {
  it('is of many kinds', () => {
    expect(archives).toHaveLength(COUNT);
    expect(new Set(archives.map(({ tgz }) => tgz.toString('latin1'))).size).toBe(COUNT);
    const files = archives.flatMap(({ promised }) => [...promised.values()]);
    expect(files.length).toBeGreaterThan(3 * COUNT);
    expect(files.some((one) => one.kind === 'file' && one.executable)).toBe(true);
    expect(archives.some(({ warnings }) => warnings.length > 0)).toBe(true);
    expect(archives.filter(({ warnings }) => warnings.length === 0).length).toBeGreaterThan(30);
  });

  const chosen = full ? MANAGERS : newest;
  it.for(chosen)('%s installs as promised', { timeout: 240_000 }, async (manager, { skip }) => {
    const here = available(manager);
    if (!here.ok) return skip(here.reason);
    const result = await installed(manager, [...archives, ...controls]);
    const ofControls = result.disagreements.filter(({ archive }) => controls.includes(archive));
    const others = result.disagreements.filter((one) => !ofControls.includes(one));
    expect(others.map(({ archive, lines }) => ({ round: archive.round, lines }))).toEqual([]);
    // Yarn classic refuses what does not end in whole blocks, which is every second archive.
    const least = manager === 'yarn-1' ? COUNT / 3 : COUNT - 10;
    expect(result.compared - controls.length).toBeGreaterThan(least);
    expect(result.compared + result.refusals).toBe(COUNT + controls.length);

    // Nor would a difference go unseen: neither what is rejected for it, nor another than was promised.
    const differ = Object.values(rejected).map((differs) => differs(manager));
    expect(controls.map((one) => ofControls.some(({ archive }) => archive === one))).toEqual(
      differ,
    );
    expect(differ).toContain(true);
    const sound = archives.find((one) => result.observed.get(one.id)?.outcome === 'installs');
    expect(sound).toBeDefined();
    if (sound === undefined) return;
    for (const promised of broken(sound)) {
      const seen = result.observed.get(sound.id);
      expect(disagreementsOf(manager, { ...sound, promised }, { seen })).toHaveLength(1);
    }
  });
});
