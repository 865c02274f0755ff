/**
 * A published package may bring a lockfile of its own. npm 10 builds that part of the tree as it says; npm 11 refuses
 * places outside the package by itself, npm 12 reads none.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available, newestNpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { guarded, SUBJECT, useBench, type Bench } from './guarded.ts';

const DEPENDENCY = 'tarwarden-below';
const NEIGHBOUR = 'tarwarden-neighbour';
/** The sentinel's folder, from the folder of the package. */
const SENTINEL = '../../../sentinel';

const attacks: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'a link out of the project, and a command in it': {
    [`node_modules/${DEPENDENCY}`]: { resolved: SENTINEL, link: true },
    [SENTINEL]: { name: DEPENDENCY, version: '1.0.0', bin: { x: 'secret' } },
  },
  'a link to the project': {
    [`node_modules/${DEPENDENCY}`]: { resolved: '../..', link: true },
    '../..': { name: DEPENDENCY, version: '1.0.0' },
  },
  'another package in the place of a neighbour': {
    [`node_modules/${DEPENDENCY}`]: { version: '1.0.0' },
    [`../${NEIGHBOUR}`]: { name: DEPENDENCY, version: '1.0.0' },
  },
  'a place that leaves on the way': {
    [`node_modules/x/../../../${NEIGHBOUR}`]: { name: DEPENDENCY, version: '1.0.0' },
  },
};

const shrinkwrap = (packages: object): string =>
  JSON.stringify({
    name: SUBJECT,
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: SUBJECT, version: '1.0.0', dependencies: { [DEPENDENCY]: '*' } },
      ...packages,
    },
  });

function publishWith(bench: Bench, file: string, packages: object): void {
  const manifest = { dependencies: { [DEPENDENCY]: '*' }, _hasShrinkwrap: true };
  bench.registry.publish({ name: DEPENDENCY });
  bench.registry.publish({
    name: SUBJECT,
    manifest,
    tgz: tgz({ name: SUBJECT, manifest, files: { [file]: shrinkwrap(packages) } }),
  });
}

function dependOn(bench: Bench, kind: 'dependencies' | 'optionalDependencies'): void {
  bench.sandbox.write({
    'package.json': {
      name: 'project',
      version: '1.0.0',
      dependencies: { [NEIGHBOUR]: '1.0.0' },
      [kind]: { [NEIGHBOUR]: '1.0.0', [SUBJECT]: '1.0.0' },
    },
  });
}

describe.each(newestNpms)('%s', (npm) => {
  const here = available(npm);
  describe.skipIf(!here.ok)('with a lockfile in a package', () => {
    const bench = useBench(npm);

    const installed = (...path: string[]): string =>
      join(bench.sandbox.project, 'node_modules', ...path);

    async function expectRefused(): Promise<void> {
      const secret = join(bench.sandbox.sentinel, 'secret');
      const before = statSync(secret).mode;
      const result = await guarded(bench, ['install']);
      expect(result.code).not.toBe(0);
      expect(result.stderr).toMatch(/tarwarden: refused |EINVALIDLOCATION/);
      expect(statSync(secret).mode).toBe(before);
      expect(existsSync(installed())).toBe(false);
    }

    test.each(Object.entries(attacks))('refuses %s', async (_, packages) => {
      publishWith(bench, 'npm-shrinkwrap.json', packages);
      dependOn(bench, 'dependencies');
      await expectRefused();
    });

    test('refuses it below an optional dependency', async () => {
      publishWith(bench, 'npm-shrinkwrap.json', attacks['a link to the project']!);
      dependOn(bench, 'optionalDependencies');
      await expectRefused();
    });

    // npm 11 and 12 do not read a package-lock.json of a package.
    test.skipIf(npm !== 'npm-10')('refuses it in a package-lock.json', async () => {
      publishWith(bench, 'package-lock.json', attacks['a link to the project']!);
      dependOn(bench, 'dependencies');
      await expectRefused();
    });

    test('takes an ordinary one', async () => {
      publishWith(bench, 'npm-shrinkwrap.json', {
        [`node_modules/${DEPENDENCY}`]: { version: '1.0.0' },
      });
      dependOn(bench, 'dependencies');
      const result = await guarded(bench, ['install']);
      expect(result).toMatchObject({ code: 0 });
      const places = [installed(SUBJECT, 'node_modules', DEPENDENCY), installed(DEPENDENCY)];
      const place = places.find((folder) => existsSync(folder));
      expect(readFileSync(join(place!, 'package.json'), 'utf8')).toContain(DEPENDENCY);
    });

    test("takes the project's own, with a folder beside the project", async () => {
      bench.sandbox.write({
        '../beside/package.json': { name: 'beside', version: '1.0.0' },
        'package.json': {
          name: 'project',
          version: '1.0.0',
          dependencies: { beside: 'file:../beside' },
        },
      });
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      expect(await guarded(bench, ['ci'])).toMatchObject({ code: 0 });
    });
  });
});
