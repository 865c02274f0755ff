/**
 * Each fault without and with the guard: what works bare works guarded, and what a registry sends instead of a package
 * lands nowhere. The whole table takes long (`TARWARDEN_E2E_FULL=1`); a slice of it runs always.
 */
import { describe, expect, test } from 'vitest';
import { PASSING, type Fault } from '../../support/faults.ts';
import { available, guardable, type ManagerName } from '../../support/managers.ts';
import { install, type Outcome, type Scene, type Way } from './world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** What a registry always sends, and what takes its time. */
const LASTING: readonly Fault[] = [
  'byte',
  'html',
  'other-package',
  'length-huge',
  'status-404',
  'labelled-gzip',
  'encoded-gzip',
  'slow',
];

interface Row {
  readonly name: string;
  readonly faults: readonly Fault[];
  readonly times: number;
  readonly way?: Way;
}

const all: readonly Row[] = [
  ...[1, 2].flatMap((times) =>
    (['version', 'address', 'optional'] as const).map((way) => ({
      name: `all that passes, ${times} times, by ${way}`,
      // What an address serves, whatever it is named, is what the project asked for.
      faults: PASSING.filter((fault) => way !== 'address' || fault !== 'other-package'),
      times,
      way,
    })),
  ),
  ...PASSING.map((fault) => ({ name: `${fault}, once`, faults: [fault], times: 1 })),
  ...LASTING.map((fault) => ({ name: `${fault}, always`, faults: [fault], times: Infinity })),
  // A package that is not there is left out. Of one that cannot be had, nobody knows what it is: refused, optional or not.
  {
    name: 'status-404, always, optional',
    faults: ['status-404'],
    times: Infinity,
    way: 'optional',
  },
];

/** Those of the slice: what passes and what lasts in the hook's own downloads, and one row for managers that download themselves. */
const SLICE: Readonly<Partial<Record<ManagerName, readonly string[]>>> = {
  'pnpm-10': ['status-404, always, optional'],
  'pnpm-12': [
    'all that passes, 2 times, by version',
    'all that passes, 1 times, by address',
    'html, always',
    'labelled-gzip, always',
  ],
  'npm-11': ['reset, once'],
  'yarn-4': ['reset, once'],
  bun: ['all that passes, 1 times, by version', 'html, always', 'labelled-gzip, always'],
};

function expectAsGood(bare: Outcome, guarded: Outcome): void {
  const { result } = guarded;
  const printed = result.stdout + result.stderr;
  expect(printed).not.toMatch(/bug of tarwarden|tarwarden itself/i);
  expect(guarded.strangers).toEqual([]);
  expect(result.timedOut).toBe(false);
  if (bare.result.code !== 0) return;
  expect({ code: result.code, printed }).toMatchObject({ code: 0 });
  expect(guarded.installed).toEqual(expect.arrayContaining([...bare.installed]));
}

/** What Yarn installs and the plugin refuses: another package, and what is no longer the file that was published. */
const REFUSED_IN_YARN = ['other-package, once', 'other-package, always', 'labelled-gzip, always'];

/** bun leaves this out. Its guard does not know what is optional, and bun would ask again and might get an answer. */
const REFUSED_IN_BUN = 'status-404, always, optional';

const rowsOf = (manager: ManagerName): readonly Row[] =>
  all.filter(({ name }) =>
    full
      ? !(manager.startsWith('yarn') && REFUSED_IN_YARN.includes(name)) &&
        !(manager === 'bun' && name === REFUSED_IN_BUN)
      : SLICE[manager]?.includes(name) === true,
  );

const managers: readonly ManagerName[] = [...guardable, 'bun'];

describe.each(managers.filter((name) => available(name).ok && rowsOf(name).length > 0))(
  '%s',
  (manager) => {
    test.each(rowsOf(manager))('$name', async ({ faults: listed, times, way }) => {
      // Bare Yarn waits forever for the end of an empty body, which has a row of its own.
      const waits = manager.startsWith('yarn') && listed.length > 1;
      const faults = waits ? listed.filter((fault) => fault !== 'empty') : listed;
      const scene: Scene = { manager, faults, times, ...(way && { way }) };
      const bare = await install(scene, false);
      expectAsGood(bare, await install(scene, true));
    });
  },
);

test.skipIf(!available('yarn-4').ok)('Yarn names the header that made it decode', async () => {
  const scene: Scene = { manager: 'yarn-4', faults: ['labelled-gzip'], times: Infinity };
  const { result, installed } = await install(scene, true);
  expect(result).toMatchObject({ code: 1 });
  expect(installed).toEqual([]);
  expect(result.stdout).toContain('content-encoding: gzip');
  expect(result.stdout).not.toContain('uncompressed-archive');
});

test.skipIf(!available('bun').ok)('bun is not left to fetch what the guard could not', async () => {
  const scene: Scene = {
    manager: 'bun',
    faults: ['status-404'],
    times: Infinity,
    way: 'optional',
  };
  const { result, installed } = await install(scene, true);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain('its bytes could not be had');
  expect(installed).toEqual([]);
});
