import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  confinement,
  type ConfinedStep,
  type ConfineRequest,
} from '../../../packages/confine/src/index.ts';
import { GRANTS } from '../../../packages/confine/src/rights.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

/** One that only says that it could. */
const helper = {
  platform: 'linux',
  arch: 'x64',
  helpers: [{ file: '/bin/sh', args: ['-c', 'printf 7'] }],
} as const;

describe.skipIf(process.platform !== 'linux')('confinement', () => {
  let root: string;
  const at = (...path: string[]): string => join(root, ...path);
  freshFolder((made) => {
    root = made;
    for (const folder of ['home/.ssh', 'home/.npm', 'project/node_modules/a', 'bin'])
      mkdirSync(at(folder), { recursive: true });
    for (const name of ['npm', 'npx', 'gem', 'yarn', 'bun']) program('bin', name);
    mkdirSync(at('ours'));
    writeFileSync(at('ours/status'), '');
    writeFileSync(at('project/package.json'), JSON.stringify({ name: 'project' }));
    writeFileSync(at('home/.npmrc'), '//registry.example/:_authToken=secret\nloglevel=error\n');
  });

  function program(folder: string, name: string): void {
    mkdirSync(at(folder), { recursive: true });
    writeFileSync(at(folder, name), '#!/bin/sh\n');
    chmodSync(at(folder, name), 0o755);
  }

  const request = (more: Partial<ConfineRequest> = {}): ConfineRequest => ({
    client: 'npm',
    args: ['ci'],
    cwd: at('project'),
    env: { HOME: at('home'), PATH: at('bin'), NPM_TOKEN: 'secret' },
    options: { write: [], hide: [], env: [] },
    main: '/opt/tarwarden.js',
    networkPackages: () => [],
    helper,
    ...more,
  });

  /** Paths that a step may write to, by the command that starts it. */
  function written({ confine }: ConfinedStep): string[] {
    const { args } = confine({ file: '/bin/npm', args: [] }, [at('ours')]);
    const mark = `${GRANTS.write}:`;
    return args.filter((one) => one.startsWith(mark)).map((one) => one.slice(mark.length));
  }

  function all(asked = request()): ConfinedStep[] {
    const confined = confinement(asked);
    try {
      return [...confined.steps()];
    } finally {
      confined.dispose();
    }
  }

  it('lets a client write to its cache and to the verdicts while it fetches, and to neither in scripts', () => {
    const [fetch, scripts] = all();
    const always = [at('project'), expect.stringMatching(/confine-\w+\/tmp$/)];
    expect(written(fetch!)).toEqual([...always, at('home/.npm'), at('home/.cache/tarwarden')]);
    expect(written(scripts!)).toEqual(always);
    const { args } = scripts!.confine({ file: '/bin/npm', args: [] }, [at('ours')]);
    expect(args).toContain(`${GRANTS.device}:${at('ours/status')}`);
  });

  it('lets bun write to nothing of the guard, which is not in it, nor to the report', () => {
    const env = { HOME: at('home'), PATH: at('bin'), TARWARDEN_REPORT: at('report') };
    for (const client of ['bun', 'bunx'] as const)
      for (const step of all(request({ client, args: ['install'], env }))) {
        expect(written(step)).toEqual([at('project'), step.temporary]);
        expect(step.confine({ file: '/bin/bun', args: [] }).args.join()).not.toContain(
          at('report'),
        );
      }
  });

  it('adds what the user names to both', () => {
    const options = { write: ['../more'], hide: [], env: ['NPM_TOKEN'] };
    const steps = all(request({ options }));
    for (const step of steps) expect(written(step)).toContain(at('more'));
    expect(steps[1]!.env).toMatchObject({ NPM_TOKEN: 'secret' });
  });

  it('keeps secrets from scripts alone', () => {
    const confined = confinement(request());
    const [fetch, scripts] = [...confined.steps()];
    expect(fetch!.env).toMatchObject({ NPM_TOKEN: 'secret' });
    expect(scripts!.env).not.toHaveProperty('NPM_TOKEN');
    const npmrc = scripts!.env['npm_config_userconfig'] ?? '';
    expect(readFileSync(npmrc, 'utf8')).toBe('loglevel=error');
    expect(scripts!.hints.join('\n')).toContain('NPM_TOKEN');
    const read = scripts!
      .confine({ file: '/bin/npm', args: [] })
      .args.filter((one) => one.startsWith('4:'));
    expect(read).toContain(`4:${at('project')}`);
    for (const hidden of ['home/.ssh', 'home/.npmrc', 'home'])
      expect(read).not.toContain(`4:${at(hidden)}`);
    confined.dispose();
    expect(existsSync(dirname(npmrc))).toBe(false);
  });

  it('keeps the key of this machine from scripts, and from a client that runs beside them', () => {
    const key = 'home/.local/state/tarwarden/machine-key';
    const secret = { TARWARDEN_SEAL_KEY: 'x'.repeat(32) };
    const env = { HOME: at('home'), PATH: at('bin'), ...secret };
    const isReadable = ({ confine }: ConfinedStep): boolean => {
      const { args } = confine({ file: '/bin/npm', args: [] });
      const read = args
        .filter((one) => one.startsWith(`${GRANTS.read}:`))
        .map((one) => one.slice(2));
      return read.length === 0 || read.some((path) => `${at(key)}/`.startsWith(`${path}/`));
    };
    const [fetch, scripts] = all(request({ env }));
    expect(existsSync(at(key))).toBe(true);
    expect([fetch, scripts].map((step) => isReadable(step!))).toEqual([true, false]);
    expect(fetch!.env).toMatchObject(secret);
    expect(scripts!.env).not.toMatchObject(secret);
    const [whole] = all(request({ client: 'npx', args: ['x'], env }));
    expect(whole!.phase).toBe('whole');
    expect(isReadable(whole!)).toBe(false);
    expect(whole!.env).not.toMatchObject(secret);
    expect(() => all(request({ cwd: at('home/.local/state'), client: 'gem', env }))).toThrow(
      'the key with which tarwarden recognises what it remembers',
    );
  });

  it('warns of what is to be hidden and is not there', () => {
    const options = { write: [], hide: ['~/.ssh', '~/.shh', '/nowhere'], env: [] };
    const confined = confinement(request({ options }));
    const [one, other, ...more] = confined.warnings;
    expect(one).toContain('there is no ~/.shh');
    expect(other).toContain('there is no /nowhere');
    expect(more).toEqual([]);
    confined.dispose();
  });

  it('looks for no program in the project, nor where somebody happens to be', () => {
    program('project/node_modules/.bin', 'npm');
    const PATH = [at('project/node_modules/.bin'), '.', at('bin')].join(delimiter);
    const confined = confinement(request({ env: { HOME: at('home'), PATH } }));
    expect(confined.path).toBe(at('bin'));
    confined.dispose();
  });

  it('is refused where a program of the project would run outside the walls', () => {
    program('project/bin', 'gem');
    const env = { HOME: at('home'), PATH: at('project/bin'), GEM_HOME: at('home/gems') };
    expect(() => confinement(request({ client: 'gem', env }))).toThrow(
      'take its folder out of the PATH',
    );
  });

  it.each([
    [{ helper: { platform: 'darwin' } }, 'macOS does not have'],
    [{ env: { PATH: '/nowhere' } }, 'there is no npm on the PATH'],
    [{ main: 'project/node_modules/tarwarden/bin/tarwarden.js' }, 'tarwarden itself'],
    [{ options: { write: ['~'], hide: [], env: [] } }, 'a folder to be written'],
  ] as const)('is refused with %j', (more, why) => {
    const { main = '/opt/tarwarden.js' } = more as { main?: string };
    const path = main.startsWith('/') ? main : at(main);
    expect(() =>
      confinement(request({ ...(more as Partial<ConfineRequest>), main: path })),
    ).toThrow(why);
  });
});
