// @module-tag pip
/** The attack sets of wheels and sdists, and what is odd and in order, installed by real pips. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanSdists, sdistAttacks } from '../../support/attacks/sdist.ts';
import { wheelAttacks, wheelOddities } from '../../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../../support/attacks/wheel-texts.ts';
import { buildFiles, type Dist } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { expectRefused, INTO, type PipWorld } from '../../support/pip/world.ts';
import { world } from './scene.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
/** Of each set, where not all are tried. */
const SLICE = 16;

/** Evenly out of a list. */
function slice<Item>(items: readonly Item[], count = SLICE): readonly Item[] {
  const step = FULL ? 1 : Math.max(1, Math.floor(items.length / count));
  return items.filter((_, at) => at % step === 0);
}

const prey = { name: 'prey', version: '1.0.0' };
// What it says of itself is what is hostile about some.
const { 'PKG-INFO': _, ...files } = buildFiles(prey);
const target = { ...prey, target: '../../../../sentinel/secret', files };
/** pip opens no other. */
const WHEEL_NAME = /^[^-]+-[^-]+(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/;
const wheels = [...wheelAttacks, ...wheelTextAttacks].filter(({ fileName }) =>
  WHEEL_NAME.test(fileName),
);

/** As what an index offers, where pip takes the name of the file for one; else as a file. */
function asked(own: PipWorld, dist: Dist): readonly string[] {
  const offered = /^prey-1\.0\.0\.(?:tar\.gz|zip)$/.test(dist.fileName);
  const file = own.put(dist, 'archives');
  return offered ? ['--no-index', '--find-links', 'archives', 'prey==1.0.0'] : [file];
}

/** pip takes no file without an ending, unless from a URL. */
const oddities = cleanSdists(target).filter(({ fileName }) => fileName.includes('.'));

describe.each(FULL ? pips : [system])('$name', (pip) => {
  it.each(slice(wheels))('refuses a hostile wheel: $name', async ({ fileName, bytes, rules }) => {
    const own = world(pip);
    const dist = { project: 'fixture', fileName, bytes };
    const result = await own.guarded('pip', 'install', ...INTO, '--no-deps', own.put(dist));
    expectRefused(own, result, { ...dist, rule: rules[0] ?? '' });
  });

  it.each(slice(sdistAttacks(target)))(
    'refuses a hostile sdist: $name',
    async ({ fileName, bytes, rules }) => {
      const own = world(pip);
      const dist = { project: 'prey', fileName, bytes };
      const result = await own.guarded('pip', 'install', ...INTO, '--no-deps', ...asked(own, dist));
      expectRefused(own, result, { ...dist, rule: rules[0] ?? '' });
    },
  );

  it.each(slice(wheelOddities, 6))('installs an odd wheel: $name', async ({ fileName, bytes }) => {
    const own = world(pip);
    const dist = { project: 'fixture', fileName, bytes };
    const result = await own.guarded('pip', 'install', ...INTO, '--no-deps', own.put(dist));
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'fixture'))).toBe(true);
  });

  it.each(slice(oddities, 6))('installs an odd sdist: $name', async ({ fileName, bytes }) => {
    const own = world(pip);
    const dist = { project: 'prey', fileName, bytes };
    const result = await own.guarded('pip', 'install', ...INTO, '--no-deps', ...asked(own, dist));
    expect(result).toMatchObject({ code: 0 });
    expect(readdirSync(own.site)).toContain('prey');
  });
});
