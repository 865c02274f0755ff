/** A shim starts a client without the command only if the client is asked for its version, and for nothing else. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { versionQuestion } from '../../../packages/cli/src/pass-through/version-words.ts';
import { posixShim, type ShimName } from '../../../packages/cli/src/shims/script.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

const CLIENTS = [
  ['npm', '-v'],
  ['npm', '--version'],
  ['npx', '-v'],
  ['bun', '--version'],
  ['pip', '-V'],
  ['pip3', '--version'],
  ['gem', '-v'],
  ['go', 'version'],
] as const;

describe('the question for a version', () => {
  it.each(CLIENTS)('%s %s', (client, word) => {
    expect(versionQuestion([client, word])).toEqual({ client, word });
    expect(versionQuestion([client, '--', word])).toEqual({ client, word });
  });

  it.each([
    ['npm', 'install', 'x', '-v'],
    ['npm', '-v', 'install'],
    ['npm', '-v', '--'],
    ['npm', '--', '--', '-v'],
    ['npm', '-v '],
    ['npm', 'version'],
    ['npx', 'cowsay', '-v'],
    ['go', '-v'],
    ['pip', '-v'],
    // These start what the project chooses.
    ['yarn', '-v'],
    ['pnpm', '-v'],
    ['bundle', '-v'],
    ['python', '-V'],
    ['toString', '-v'],
    [],
  ])('is not: %s %s %s %s', (...argv) => {
    expect(versionQuestion(argv.filter((word) => word !== undefined))).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('a shim', () => {
  let root: string;
  let env: NodeJS.ProcessEnv;
  freshFolder((made) => (root = made));

  /** Writes a program that says who it is, with which arguments and guard. */
  const program = (path: string, who: string): void => {
    const variables =
      '$NODE_OPTIONS|$PYTHONPATH|$RUBYOPT|$GOPROXY|$NODE_DISABLE_COMPILE_CACHE$DISABLE_V8_COMPILE_CACHE';
    chmodSync(putFile(join(root, path), `#!/bin/sh\necho "${who} [$*] ${variables}"\n`), 0o755);
  };
  const run = (name: ShimName, ...args: string[]): string => {
    const { stdout, stderr } = spawnSync(join(root, 'shims', name), args, {
      env,
      cwd: root,
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`.trim();
  };
  const shim = (name: ShimName, folder = 'shims'): void => {
    const target = { node: join(root, 'node'), main: join(root, 'lib/tarwarden.js') };
    const text = posixShim(name, { ...target, folder: join(root, folder) });
    chmodSync(putFile(join(root, folder, name), text), 0o755);
  };

  beforeEach(() => {
    for (const file of ['tarwarden.js', 'preload.cjs', 'pip/sitecustomize.py', 'tarwarden.rb'])
      putFile(join(root, 'lib', file));
    program('node', 'wrapper');
    for (const [name] of CLIENTS) {
      shim(name);
      program(`real/${name}`, name);
    }
    const path = [join(root, 'shims'), join(root, 'real'), '/usr/bin', '/bin'].join(delimiter);
    env = { PATH: path, HOME: root };
  });

  it.each(CLIENTS)('starts %s %s with its guard', (name, word) => {
    const lib = join(root, 'lib');
    const guards: Record<string, string> = {
      // corepack would run compiled code that another user may have planted.
      npm: `--require ${lib}/preload.cjs||||11`,
      npx: `--require ${lib}/preload.cjs||||11`,
      pip: `|${lib}/pip|||`,
      pip3: `|${lib}/pip|||`,
      gem: `||-r${lib}/tarwarden.rb||`,
      go: '|||off|',
      bun: '||||',
    };
    expect(run(name, word)).toBe(`${name} [${word}] ${guards[name]}`);
  });

  it.each([
    ['another argument in front', 'install', '-v'],
    ['another argument behind', '-v', 'install'],
    ['a word with more in it', '-v /x'],
    ['no argument'],
    ['an empty argument', ''],
    ['another word', 'ci'],
  ])('leaves npm to the command: %s', (_, ...args) => {
    expect(run('npm', ...args)).toMatch(/^wrapper /);
  });

  it.each([
    ['a report is asked for', { TARWARDEN_REPORT: 'report.ndjson' }],
    ['a summary is asked for', { TARWARDEN_SUMMARY: '1' }],
    ['there is no home', { HOME: undefined }],
    ['the home is relative', { HOME: 'home' }],
    ['shims are in shims', { TARWARDEN_SHIM_DEPTH: '8' }],
  ])('leaves npm to the command: %s', (_, more) => {
    Object.assign(env, more);
    expect(run('npm', '-v')).toMatch(/^wrapper /);
  });

  it.each([
    ['report', '{\n  "mode": "report" }', /^wrapper /],
    ['report, spelled otherwise', String.raw`{"mode":"\u0072eport"}`, /^wrapper /],
    ['report, in the only line', '{"mode":"report"}', /^wrapper /],
    ['refuse', '{"mode":"refuse"}', /^npm /],
  ])('minds the mode of the user: %s', (_, policy, expected) => {
    putFile(join(root, '.config/tarwarden/policy.json'), policy);
    expect(run('npm', '-v')).toMatch(expected);
    env['XDG_CONFIG_HOME'] = join(root, 'elsewhere');
    expect(run('npm', '-v')).toMatch(/^npm /);
    env['XDG_CONFIG_HOME'] = '.config';
    expect(run('npm', '-v')).toMatch(expected);
  });

  it('opens no policy that is no file', () => {
    const policy = join(root, '.config/tarwarden/policy.json');
    mkdirSync(dirname(policy), { recursive: true });
    expect(spawnSync('mkfifo', [policy]).status).toBe(0);
    expect(run('npm', '-v')).toMatch(/^wrapper /);
  });

  it.each([
    ['a relative folder', 'bin'],
    ['a relative folder that climbs', '../bin'],
  ])('takes nothing from %s on the PATH', (_, entry) => {
    program('bin/npm', 'planted');
    env['PATH'] = [entry, env['PATH']].join(delimiter);
    expect(run('npm', '-v')).toMatch(/^wrapper /);
  });

  it('takes nothing from the current folder for an empty entry', () => {
    program('npm', 'planted');
    env['PATH'] = `:${env['PATH']}:`;
    expect(run('npm', '-v')).toMatch(/^npm /);
  });

  it('passes over itself by any name of its folder, and over what cannot be run', () => {
    symlinkSync(join(root, 'shims'), join(root, 'linked'));
    putFile(join(root, 'text/npm'), 'no program');
    const folders = ['linked', 'text', 'shims', 'real'].map((name) => join(root, name));
    env['PATH'] = [...folders, '/usr/bin', '/bin'].join(delimiter);
    expect(run('npm', '-v')).toMatch(/^npm /);
  });

  it('leaves two shims that lead to each other to the command', () => {
    shim('npm', 'more');
    env['PATH'] = [join(root, 'shims'), join(root, 'more'), '/usr/bin/none'].join(delimiter);
    expect(run('npm', '-v')).toMatch(/^wrapper /);
  });

  it('leaves a client that is missing, or whose guard is, to the command', () => {
    env['PATH'] = join(root, 'shims');
    expect(run('npm', '-v')).toMatch(/^wrapper /);
    env['PATH'] = [join(root, 'real'), '/usr/bin', '/bin'].join(delimiter);
    const text = readFileSync(join(root, 'shims/npm'), 'utf8');
    putFile(join(root, 'shims/npm'), text.replaceAll('preload.cjs', 'gone.cjs'));
    expect(existsSync(join(root, 'lib/gone.cjs'))).toBe(false);
    expect(run('npm', '-v')).toMatch(/^wrapper /);
  });

  it('keeps the options of the user, behind the guard', () => {
    env['NODE_OPTIONS'] = '--no-warnings';
    expect(run('npm', '-v')).toContain(`--require ${join(root, 'lib')}/preload.cjs --no-warnings|`);
  });

  it('asks the command where go needs another go', () => {
    putFile(join(root, 'real/go'), '#!/bin/sh\necho "go: no such toolchain" >&2\nexit 1\n');
    expect(run('go', 'version')).toMatch(/^wrapper \[.*tarwarden\.js go -- version\]/);
  });
});
