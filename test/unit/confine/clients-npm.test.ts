import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf } from '../../../packages/confine/src/clients/index.ts';
import { makeConfineProject, type ConfineProject } from '../../support/confine/project.ts';

let at: ConfineProject;
beforeEach(() => {
  at = makeConfineProject();
});
afterEach(() => at.dispose());

const of = (name: string): object => ({
  resolved: `https://registry.npmjs.org/${name}/-/${name.replace(/.*\//, '')}-1.0.0.tgz`,
});

/** Of the root, wherever npm is started. */
const ownScript = (event: string): string => `scripts: run ${event} --prefix=${at.root}`;

describe('npm', () => {
  const tree = {
    packages: {
      '': { hasInstallScript: true },
      'node_modules/a': { hasInstallScript: true },
      'node_modules/b': {},
      'node_modules/b/node_modules/@s/c': { hasInstallScript: true, ...of('@s/c') },
      'node_modules/d': { hasInstallScript: true, optional: true, ...of('d') },
      'node_modules/ws': { link: true, resolved: 'packages/ws' },
      'packages/ws': { hasInstallScript: true },
    },
  };

  it('fetches without scripts, and runs those of packages, then the own ones', () => {
    at.write('project/node_modules/.package-lock.json', tree);
    at.write('project/package.json', {
      scripts: { preinstall: 'x', postinstall: 'x', prepare: 'x' },
    });
    expect(at.steps('npm', 'ci --omit=dev -w ws')).toEqual([
      'fetch: ci --omit=dev -w ws --ignore-scripts --script-shell=/bin/true',
      'scripts: rebuild a @s/c ws -w ws',
      'scripts optional: rebuild d -w ws',
      ...['preinstall', 'postinstall', 'prepare'].map((event) => ownScript(event)),
    ]);
  });

  it('lets only those packages reach the network that the user names', () => {
    at.write('project/node_modules/.package-lock.json', tree);
    expect(at.steps('npm', 'install', { networkPackages: ['@s/c', 'd', 'b'] })).toEqual([
      'fetch: install --ignore-scripts --script-shell=/bin/true',
      'scripts network: rebuild @s/c',
      'scripts network optional: rebuild d',
      'scripts: rebuild a ws',
    ]);
  });

  it.each([
    ['another package', { name: 'evil', ...of('evil') }],
    ['an archive of elsewhere', { resolved: 'https://evil.example/good/-/good-1.0.0.tgz' }],
    ['what git fetched', { resolved: 'git+ssh://git@github.com/evil/good.git#0' }],
    ['a folder', { link: true, resolved: 'local' }],
  ])('lets %s by the name of one not reach the network', (_, entry) => {
    const asked = { networkPackages: ['good'] };
    const installed = (more: object): void =>
      at.write('project/node_modules/.package-lock.json', {
        packages: { 'node_modules/good': { hasInstallScript: true, ...more } },
      });
    installed(entry);
    expect(at.steps('npm', 'ci', asked)[1]).toBe('scripts: rebuild good');
    installed(of('good'));
    expect(at.steps('npm', 'ci', asked)[1]).toBe('scripts network: rebuild good');
    const env = { HOME: at.home, npm_config_registry: 'https://mirror.example/npm/' };
    installed({ resolved: 'https://mirror.example/npm/good/-/good-1.0.0.tgz' });
    expect(at.steps('npm', 'ci', { ...asked, env })[1]).toBe('scripts network: rebuild good');
  });

  it('has no scripts of the project run where packages are named', () => {
    at.write('project/node_modules/.package-lock.json', { packages: {} });
    at.write('project/package.json', { scripts: { install: 'x' } });
    expect(at.steps('npm', 'install left-pad')).toEqual([
      'fetch: install left-pad --ignore-scripts --script-shell=/bin/true',
    ]);
    expect(at.steps('npm', 'uninstall left-pad')).toHaveLength(1);
    expect(at.steps('npm', 'i')).toEqual([
      'fetch: i --ignore-scripts --script-shell=/bin/true',
      ownScript('install'),
    ]);
  });

  it('rebuilds nothing where nothing is installed', () => {
    at.write('project/node_modules/.cache/file', '');
    at.write('project/package.json', { scripts: { postinstall: 'x' } });
    expect(at.steps('npm', 'ci')).toEqual([
      'fetch: ci --ignore-scripts --script-shell=/bin/true',
      ownScript('postinstall'),
    ]);
  });

  it('rebuilds everything where npm left no list', () => {
    at.write('project/node_modules/a/package.json', {});
    expect(at.steps('npm', 'ci')).toEqual([
      'fetch: ci --ignore-scripts --script-shell=/bin/true',
      'scripts: rebuild',
    ]);
  });

  it.each(['ci --ignore-scripts', 'install --package-lock-only', 'install --dry-run'])(
    'runs no scripts for "%s"',
    (args) => {
      expect(at.steps('npm', args)).toEqual([
        `fetch: ${args} --ignore-scripts --script-shell=/bin/true`,
      ]);
    },
  );

  it('runs no scripts where settings say so', () => {
    at.write('project/node_modules/a/package.json', {});
    at.write('project/.npmrc', 'ignore-scripts=true\n');
    expect(at.steps('npm', 'ci')).toHaveLength(1);
    expect(
      at.steps('npm', 'ci', { env: { HOME: at.home, npm_config_ignore_scripts: 'false' } }),
    ).toHaveLength(2);
  });

  it('keeps the option before "--"', () => {
    expect(at.steps('npm', 'install -- left-pad')[0]).toBe(
      'fetch: install --ignore-scripts --script-shell=/bin/true -- left-pad',
    );
  });

  it.each(['run build', 'test', 'exec cowsay', 'view x', '', '--version'])(
    'runs "%s" as it is',
    (args) => {
      expect(at.steps('npm', args)).toEqual([`whole: ${args}`]);
    },
  );

  it.each([
    ['install -g x', 'global install'],
    ['install --location=global x', 'global install'],
    ['install --location global x', 'global install'],
    ['install-test', 'cannot be split'],
    ['link', 'cannot be split'],
    ['instal-', 'not known'],
    ['upd', 'not known'],
    ['--prefix x ci', 'before its options'],
  ])('does not run "%s"', (args, why) => {
    expect(() => at.steps('npm', args)).toThrow(why);
  });

  it('has the cache that the user names, and no other', () => {
    expect(at.folders('npm', 'ci')).toEqual([join(at.home, '.npm')]);
    expect(at.folders('npm', 'ci', { npm_config_cache: '/c' })).toEqual(['/c']);
    expect(at.folders('npm', 'ci', { NPM_CONFIG_CACHE: '/c' })).toEqual(['/c']);
    expect(at.folders('npm', 'ci --cache=/d', { npm_config_cache: '/c' })).toEqual(['/d']);
    at.write('.npmrc', 'cache=~/mine\n');
    expect(at.folders('npm', 'ci')).toEqual([join(at.home, 'mine')]);
    at.write('project/.npmrc', 'cache=/theirs\n');
    expect(at.folders('npm', 'ci')).toEqual([join(at.home, 'mine')]);
    at.write('own', 'cache = ${HOME}/own ; mine\n');
    const userconfig = { NPM_CONFIG_USERCONFIG: join(at.home, 'own') };
    expect(at.folders('npm', 'ci', userconfig)).toEqual([join(at.home, 'own')]);
  });

  it('runs programs of the user alone while it fetches, whatever the repository says', () => {
    const env = (
      more: NodeJS.ProcessEnv = {},
      step: { phase: 'fetch' | 'scripts'; network?: boolean } = { phase: 'fetch' },
    ): object =>
      clientOf('npm').env?.(at.project('ci', { env: { HOME: at.home, ...more } }), step) ?? {};
    const git = { npm_config_git: 'git', npm_config_script_shell: '/bin/sh' };
    expect(env()).toEqual({ ...git, npm_config_node_options: '--stack-trace-limit=10' });
    expect(env({ NODE_OPTIONS: '--x' })).toEqual({ ...git, npm_config_node_options: '--x' });
    at.write('.npmrc', 'node-options=--mine\n');
    expect(env({ npm_config_git: '/my/git' })).toEqual({
      npm_config_git: '/my/git',
      npm_config_node_options: '--mine',
      npm_config_script_shell: '/bin/sh',
    });
    expect(env({}, { phase: 'scripts', network: true })).toMatchObject(git);
    expect(env({}, { phase: 'scripts' })).toEqual({});
  });

  it('finds the project as npm does', () => {
    at.write('project/package.json', { workspaces: ['packages/*'] });
    at.write('project/packages/a/package.json', {});
    at.write('project/other/b/package.json', {});
    expect(at.rootOf('npm', 'project/packages/a')).toBe(at.root);
    expect(at.rootOf('npm', 'project/other/b')).toBe(join(at.root, 'other/b'));
    expect(at.rootOf('npm', 'project', 'ci --prefix other/b')).toBe(join(at.root, 'other/b'));
  });
});
