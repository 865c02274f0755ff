/** What git fetched is packed by clients that run its scripts for it, whatever they are told. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { confineWorld } from '../../support/confine/world.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available } from '../../support/managers.ts';

describe.skipIf('problem' in findHelper()).each(['npm-10', 'npm-11'] as const)('%s', (manager) => {
  describe.skipIf(!available(manager).ok)('confined', () => {
    const world = freshEach(() => confineWorld(manager));

    test('runs no "prepare" of a git dependency while there is a network', async () => {
      const mark = join(world.sandbox.project, 'prepared');
      const { remote, commit } = world.sandbox.gitRepo('dependency', {
        'package.json': {
          name: 'dependency',
          version: '1.0.0',
          scripts: { prepare: `touch ${mark}` },
        },
        '.npmrc': 'script-shell=/bin/sh\n',
      });
      const dependencies = { dependency: `git+${remote}#${commit}` };
      world.sandbox.write({
        '.npmrc': 'script-shell=/bin/sh\n',
        'package.json': { name: 'project', version: '1.0.0', dependencies },
      });
      expect(
        await world.tarwarden(['npm', '--confine', 'install', '--ignore-scripts']),
      ).toMatchObject({ code: 0 });
      expect(existsSync(join(world.sandbox.project, 'node_modules/dependency'))).toBe(true);
      expect(existsSync(mark)).toBe(false);
      // The witness: npm runs it by itself.
      rmSync(join(world.sandbox.project, 'node_modules'), { recursive: true });
      await world.bare(['install', '--force', '--cache', join(world.sandbox.root, 'other')]);
      expect(existsSync(mark)).toBe(true);
    });
  });
});

describe.skipIf('problem' in findHelper()).each(['yarn-3', 'yarn-4'] as const)('%s', (manager) => {
  describe.skipIf(!available(manager).ok)('confined', () => {
    const world = freshEach(() => confineWorld(manager));

    const install = ['install', '--no-immutable', '--mode=skip-build'];
    const ran = (): string[] =>
      readdirSync(world.sandbox.project).filter((name) => name.startsWith('ran'));
    const dependOn = (dependencies: Record<string, string>): void => {
      const approved = manager === 'yarn-4' ? "approvedGitRepositories: ['**']\n" : '';
      world.sandbox.write({
        '.yarnrc.yml': `nodeLinker: node-modules\nenableScripts: true\n${approved}`,
        'package.json': { name: 'project', version: '1.0.0', dependencies },
      });
    };

    test('packs nothing that git fetched, and says what else there is', async () => {
      const mark = (name: string): string => `touch ${join(world.sandbox.project, `ran-${name}`)}`;
      const { remote, commit } = world.sandbox.gitRepo('dependency', {
        'package.json': {
          name: 'dependency',
          version: '1.0.0',
          scripts: { prepack: mark('prepack'), postinstall: mark('postinstall') },
        },
        'yarn.lock': EMPTY_YARN_LOCK,
        '.yarnrc.yml': 'enableScripts: true\n',
      });
      dependOn({ dependency: `git+${remote}#${commit}` });
      const { code, stdout } = await world.tarwarden(['yarn', '--confine', ...install]);
      expect(code).not.toBe(0);
      expect(stdout).toContain('--confine lets none run with the network');
      expect(stdout).toContain('Depend on a packed archive');
      expect(ran()).toEqual([]);
      // The witness: Yarn runs them by itself, though it is told to leave builds out.
      expect(await world.bare(install)).toMatchObject({ code: 0 });
      expect(ran()).toContain('ran-prepack');
    });

    test.skipIf(manager === 'yarn-3')('runs no program of "exec:" of the project', async () => {
      const file = join(world.sandbox.project, 'ran-exec');
      const text = `fs.writeFileSync('${file}', ''); fs.writeFileSync(path.join(execEnv.buildDir, 'package.json'), '{}');`;
      world.sandbox.write({ 'make.js': text });
      dependOn({ made: 'exec:./make.js' });
      expect((await world.tarwarden(['yarn', '--confine', ...install])).code).not.toBe(0);
      expect(ran()).toEqual([]);
      expect(await world.bare(install)).toMatchObject({ code: 0 });
      expect(ran()).toEqual(['ran-exec']);
    });
  });
});

const pnpms = ['pnpm-10', 'pnpm-11', 'pnpm-12'] as const;
describe.skipIf('problem' in findHelper()).each(pnpms)('%s', (manager) => {
  describe.skipIf(!available(manager).ok)('confined', () => {
    const world = freshEach(() => confineWorld(manager));

    test('gives no network to what git fetched under a name that the user trusts', async () => {
      const at = (name: string): string => join(world.sandbox.project, name);
      const policy = [{ package: 'named', reason: 'it asks a server', expires: '2999-12-31' }];
      const folder = join(world.sandbox.root, 'xdg/config/tarwarden');
      world.sandbox.write({ 'policy.json': { scriptNetwork: policy } }, folder);
      const { port } = JSON.parse(readFileSync(at('at'), 'utf8')) as { port: number };
      const note = (text: string): string =>
        `require('fs').writeFileSync('${at('came')}', ${text})`;
      const { remote, commit } = world.sandbox.gitRepo('named', {
        'package.json': { name: 'named', version: '1.0.0', scripts: { install: 'node ask.js' } },
        'ask.js': `require('net').connect(${port}, '127.0.0.1', function () { ${note("'done'")}; this.end(); }).on('error', (error) => ${note('error.code')});\n`,
      });
      world.sandbox.write({
        'pnpm-workspace.yaml': 'dangerouslyAllowAllBuilds: true\nminimumReleaseAge: 0\n',
        'package.json': {
          name: 'project',
          version: '1.0.0',
          dependencies: { named: `git+${remote}#${commit}` },
        },
      });
      expect(await world.tarwarden(['pnpm', '--confine', 'install'])).toMatchObject({ code: 0 });
      expect(readFileSync(at('came'), 'utf8')).toBe('EACCES');
      // The witness: without walls it gets there.
      for (const name of ['node_modules', 'came']) rmSync(at(name), { recursive: true });
      expect(await world.bare(['install'])).toMatchObject({ code: 0 });
      expect(readFileSync(at('came'), 'utf8')).toBe('done');
    });
  });
});
