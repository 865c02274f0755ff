/** What a lockfile says of a package that no registry vouches for is joined to paths by npm's linked strategy. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { available, npmsByGuard } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { closeUntouched, guarded, makeBench, SUBJECT, type Bench } from './guarded.ts';

const UP = '../../../../sentinel/x';

describe.each(npmsByGuard)('%s', (npm) => {
  const here = available(npm);
  describe.skipIf(!here.ok)('with a lockfile', () => {
    let bench: Bench;
    let url: string;
    const tarball = tgz({ name: SUBJECT });
    const remote = npm === 'npm-12' ? ['--allow-remote=all', '--allow-file=all'] : [];

    beforeEach(async () => {
      bench = await makeBench(npm);
      url = bench.registry.file('subject.tgz', tarball);
    });
    afterEach(() => closeUntouched(bench));

    const lockfile = (root: object, entry: object): object => ({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': root,
        [`node_modules/${SUBJECT}`]: { resolved: url, integrity: sri(tarball), ...entry },
      },
    });
    const writeProject = (entry: object): void => {
      const root = { name: 'project', version: '1.0.0', dependencies: { [SUBJECT]: url } };
      bench.sandbox.write({
        '.npmrc': 'install-strategy=linked\n',
        'package.json': root,
        'package-lock.json': lockfile(root, entry),
      });
    };

    test.each(['ci', 'install'])('%s writes nothing where a version climbs', async (command) => {
      writeProject({ version: `1.0.0/${UP}` });
      const result = await guarded(bench, [command, ...remote]);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain('a lockfile gives it a version that is not a version');
    });

    test('refuses a name that climbs', async () => {
      writeProject({ version: '1.0.0', name: `../${UP}` });
      const result = await guarded(bench, ['ci', ...remote]);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain('a lockfile gives it a name that is not a name');
    });

    test('takes an ordinary one', async () => {
      writeProject({ version: '1.0.0' });
      expect(await guarded(bench, ['ci', ...remote])).toMatchObject({ code: 0 });
      expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(true);
    });

    test('takes one of version 1, in which a file stands in place of the version', async () => {
      writeFileSync(join(bench.sandbox.root, 'subject.tgz'), tarball);
      const file = 'file:../subject.tgz';
      bench.sandbox.write({
        'package.json': { name: 'project', version: '1.0.0', dependencies: { [SUBJECT]: file } },
        'package-lock.json': {
          name: 'project',
          version: '1.0.0',
          lockfileVersion: 1,
          requires: true,
          dependencies: { [SUBJECT]: { version: file, integrity: sri(tarball) } },
        },
      });
      expect(await guarded(bench, ['install', ...remote])).toMatchObject({ code: 0 });
      expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(true);
    });
  });
});
