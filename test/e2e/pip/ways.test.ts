// @module-tag pip
/** A hostile archive stops pip whichever way it comes, and its clean twin is installed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdistOf, wheelOf } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { expectRefused } from '../../support/pip/world.ts';
import { go } from './scene.ts';
import { waysOf } from './ways.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const KINDS = { wheel: wheelOf, sdist: sdistOf } as const;

const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
const cases = (FULL ? pips : [system]).flatMap((pip) => kinds.map((kind) => ({ pip, kind })));

describe.each(cases)('$pip.name, a $kind', ({ pip, kind }) => {
  const make = KINDS[kind];
  // Without the whole table: every way of a hostile one, and some of the clean.
  const all = waysOf(pip, kind);
  const clean = FULL ? all : all.filter((_, at) => at % 4 === (kind === 'wheel' ? 0 : 2));

  it.each(all)('is refused: $name', async (way) => {
    const dist = make({ name: 'prey', hostile: true });
    const { world, result } = await go(pip, way, dist);
    expectRefused(world, result, dist);
  });

  it.each(clean)('in order is used: $name', async (way) => {
    const { world, result } = await go(pip, way, make({ name: 'prey' }));
    expect(result).toMatchObject({ code: 0 });
    if (way.installsNothing !== true)
      expect(existsSync(join(world.site, 'prey/__init__.py'))).toBe(true);
  });
});
