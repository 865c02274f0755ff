/** Folders that are full, read-only, missing or over a quota: what installs bare there installs guarded, and is inspected. */
import { describe, expect, test } from 'vitest';
import { available, guardable } from '../../support/managers.ts';
import { canMount, hasQuotas, install, states, type Guarding, type Scene } from './broken-disks.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

interface Row extends Scene {
  readonly by: NonNullable<Guarding['by']>;
}

const all: readonly Row[] = guardable.flatMap((manager) =>
  [false, true].flatMap((warm): Row[] => [
    ...(['temporary', "the manager's"] as const).flatMap((places) =>
      states.map((state): Row => ({ manager, places, state, warm, by: 'tarwarden' })),
    ),
    ...(['full', 'read-only'] as const).flatMap((state) =>
      (['tarwarden', 'itself'] as const).map((by): Row => ({
        manager,
        places: 'all others',
        state,
        warm,
        by,
      })),
    ),
  ]),
);

/** Those that run always: one of each kind, which bare installs. */
const SLICE: readonly string[] = [
  'npm-11: temporary missing, cold, by tarwarden',
  `pnpm-12: temporary ${hasQuotas ? 'over quota' : 'full'}, cold, by tarwarden`,
  'pnpm-12: all others full, cold, by itself',
  'yarn-4: temporary missing, warm, by tarwarden',
];

const nameOf = ({ manager, places, state, warm, by }: Row): string =>
  `${manager}: ${places} ${state}, ${warm ? 'warm' : 'cold'}, by ${by}`;

const rows = all
  .map((row) => [nameOf(row), row] as const)
  .filter(([name, { manager }]) => available(manager).ok && (full || SLICE.includes(name)));

/** pnpm 12 breaks lines. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const NO_FILE = 'no file can be written in ';

/** What is refused although nothing is wrong with it: a run's status, and files for pnpm, have to be written somewhere. */
function refusalOf({ places, by, manager, warm }: Row): { code: number; text: string } | undefined {
  if (places !== 'all others') return undefined;
  if (by === 'tarwarden') return { code: 97, text: `was not started: ${NO_FILE}` };
  if (!manager.startsWith('pnpm') || warm) return undefined;
  return {
    code: 1,
    text: `tarwarden: what was inspected cannot be handed to pnpm, so it is not installed: ${NO_FILE}`,
  };
}

/** A stack whose first line outside Node is tarwarden's. */
const OWN_STACK =
  /(?<!    at .*\n)(?:    at .*node:.*\n)*    at .*(?:plugin-tarwarden|preload|index)\.cjs/;

describe.skipIf(!canMount)('broken disks', () => {
  test.each(rows)('%s', async (_name, row) => {
    const guarded = await install(row, row);
    const hostile = await install(row, { ...row, hostile: true });
    for (const { printed, result } of [guarded, hostile]) {
      expect(printed).not.toContain('bug of tarwarden');
      expect(printed).not.toMatch(OWN_STACK);
      expect(result.code).not.toBe(98);
    }
    expect(hostile.result.code).not.toBe(0);
    expect(hostile.installed).toBe(false);
    // What fails bare may fail, or not be started.
    if (full && (await install(row, {})).result.code !== 0) return;
    const refusal = refusalOf(row);
    expect({ code: guarded.result.code, printed: oneLine(guarded.printed) }).toEqual({
      code: refusal?.code ?? 0,
      printed: expect.stringContaining(refusal?.text ?? ''),
    });
    expect(guarded.installed).toBe(refusal === undefined);
    // What is hostile is refused before a file is needed for it.
    expect(hostile.printed).toContain(row.by === 'tarwarden' && refusal ? NO_FILE : 'symlink');
  });
});
