/** Clients with scripts: fetched without them, and run without network, secrets and caches. TARWARDEN_E2E_FULL=1 takes every version. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { confineWorld, PLAIN, PROBE } from '../../support/confine/world.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, type ManagerName, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const managers: readonly ManagerName[] = full
  ? [
      'npm-10',
      'npm-11',
      'npm-12',
      'pnpm-10',
      'pnpm-11',
      'pnpm-12',
      'yarn-1',
      'yarn-3',
      'yarn-4',
      'bun',
    ]
  : ['npm-12', 'pnpm-12', 'yarn-1', 'yarn-4', 'bun'];
const canConfine = !('problem' in findHelper());

/** What a script comes to behind the walls. */
const WALLED = {
  home: 'EACCES',
  outside: 'EACCES',
  cache: 'EACCES',
  verdicts: 'EACCES',
  npmrc: 'EACCES',
  token: 'without',
  tcp: 'EACCES',
  own: 'done',
  temporary: 'done',
};
const FREE = Object.fromEntries(Object.keys(WALLED).map((name) => [name, 'done']));

describe.each(managers)('%s', (manager) => {
  const here = available(manager);
  const client = manager.split('-')[0] ?? '';
  const isBerry = manager === 'yarn-3' || manager === 'yarn-4';
  describe.skipIf(!here.ok || !canConfine)('confined', () => {
    const world = freshEach(() => confineWorld(manager));

    test('runs scripts that reach nothing outside, and installs as ever', async () => {
      const install = isBerry ? ['install', '--no-immutable'] : ['install'];
      const result = await world.tarwarden([client, '--confine', ...install]);
      expect(result.stderr + result.stdout).not.toContain('was confined');
      expect(result).toMatchObject({ code: 0 });
      expect(world.noted('package')).toEqual(WALLED);
      expect(world.noted('project')).toEqual(WALLED);
      expect(world.plainRan()).toBe(true);
      expect(readdirSync(world.sandbox.temp)).toEqual([]);

      // Once more with everything there, as an install does every day.
      expect(await world.tarwarden([client, '--confine', ...install])).toMatchObject({ code: 0 });

      // The witness: the same scripts do all of it where nothing is in the way.
      world.clean();
      expect(await world.bare(install)).toMatchObject({ code: 0 });
      expect(world.noted('package')).toEqual(FREE);
      expect(world.noted('project')).toEqual(FREE);
    });

    test.skipIf(client === 'yarn' || client === 'bun')(
      'keeps the network for packages that the user names',
      async () => {
        const one = { package: PROBE, reason: 'it asks a server', expires: '2999-12-31' };
        const folder = join(world.sandbox.root, 'xdg/config/tarwarden');
        world.sandbox.write({ 'policy.json': { scriptNetwork: [one] } }, folder);
        expect(await world.tarwarden([client, '--confine', 'install'])).toMatchObject({ code: 0 });
        expect(world.noted('package')).toEqual({ ...WALLED, tcp: 'done' });
        expect(world.noted('project')).toEqual(WALLED);
        expect(world.plainRan()).toBe(true);
      },
    );

    test("runs the project's scripts once where nothing else is installed", async () => {
      const scripts = { postinstall: 'echo once >> ran' };
      world.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', scripts } });
      const install = client === 'yarn' ? ['install', '--no-immutable'] : ['install'];
      expect(await world.tarwarden([client, '--confine', ...install])).toMatchObject({ code: 0 });
      expect(readFileSync(join(world.sandbox.project, 'ran'), 'utf8')).toBe('once\n');
    });

    /** A project with a script that tries. */
    async function withScript(): Promise<void> {
      const scripts = { try: 'node script.js project' };
      world.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', scripts } });
      // Yarn runs no script before an install.
      if (isBerry) expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    }

    test('writes no more in one step, and keeps the network there', async () => {
      await withScript();
      const result = await world.tarwarden([client, '--confine', 'run', 'try']);
      expect(result).toMatchObject({ code: 0 });
      expect(world.noted('project')).toEqual({
        ...WALLED,
        tcp: 'done',
        // bun's guard runs outside the walls, and keeps what it unpacked to itself.
        cache: client === 'bun' ? 'EACCES' : 'done',
        npmrc: 'done',
        token: 'done',
      });
      expect(existsSync(join(world.sandbox.home, 'evil'))).toBe(false);
    });

    test.skipIf(client !== 'pnpm')('runs what dlx fetches', async () => {
      const text = `#!/usr/bin/env node\nrequire('node:fs').writeFileSync(process.argv[2], '');\n`;
      const manifest = { bin: './cli.js' };
      world.registry.publish({
        name: 'tool',
        manifest,
        tgz: tgz({ name: 'tool', manifest, files: { 'cli.js': text } }),
      });
      const run = (file: string): Promise<Result> =>
        world.tarwarden(['pnpm', '--confine', 'dlx', 'tool', file]);
      const inside = join(world.sandbox.project, 'inside');
      expect(await run(inside)).toMatchObject({ code: 0 });
      expect(existsSync(inside)).toBe(true);
      const evil = join(world.sandbox.home, 'evil');
      expect((await run(evil)).code).not.toBe(0);
      expect(existsSync(evil)).toBe(false);
    });

    test.skipIf(client !== 'pnpm')(
      'runs with the settings of the user, and without what signs in',
      async () => {
        const folder = join(world.sandbox.root, 'xdg/config/pnpm');
        const signIn = '//registry.example/:_authToken=secret\n';
        world.sandbox.write(
          { 'config.yaml': 'fetchRetries: 1\n', rc: signIn, 'auth.ini': signIn },
          folder,
        );
        const postinstall = ['config.yaml', 'rc', 'auth.ini']
          .map((name) => `cat ${join(folder, name)} >> read`)
          .join('; ');
        world.sandbox.write({
          'package.json': {
            name: 'project',
            version: '1.0.0',
            dependencies: { [PLAIN]: '1.0.0' },
            scripts: { postinstall: `${postinstall}; true` },
          },
        });
        const result = await world.tarwarden(['pnpm', '--confine', 'install']);
        expect(result).toMatchObject({ code: 0 });
        expect(world.plainRan()).toBe(true);
        const read = readFileSync(join(world.sandbox.project, 'read'), 'utf8');
        expect(read).toBe('fetchRetries: 1\n');
      },
    );

    test('reads nothing that is hidden', async () => {
      await withScript();
      const hide = `${join(world.sandbox.home, '.npmrc')},~/.not-there`;
      const run = [client, '--confine', '--hide', hide, 'run', 'try'];
      const { stderr } = await world.tarwarden(run);
      expect(stderr).toContain('warning: --hide: there is no ~/.not-there');
      expect(stderr.match(/--hide: there is no/g)).toHaveLength(1);
      expect(world.noted('project')).toMatchObject({ npmrc: 'EACCES', own: 'done' });
    });
  });
});
