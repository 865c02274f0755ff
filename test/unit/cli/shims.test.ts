import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SHIM_MARK } from '@tarwarden/guard/run';
import { describe, expect, it, vi } from 'vitest';
import { definition } from '../../../packages/cli/src/commands/shims/definition.ts';
import {
  nextStep,
  posixShim,
  PROFILE_MARK,
  windowsShim,
} from '../../../packages/cli/src/shims/shim-files.ts';
import { writeShims } from '../../../packages/cli/src/commands/shims/run.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { findProgram } from '../../support/programs.ts';
import { putFile, putFiles } from '../../support/put-file.ts';

const names = definition.options.manager.choices;
const started = { node: "/it's/node", main: '/a %b%/tarwarden.js', folder: '/my shims' };

const commands: Readonly<Record<string, string>> = { yarnpkg: 'yarn', bundler: 'bundle' };

describe.each(names)('the shim %s', (name) => {
  const command = commands[name] ?? name;

  it('is known by its mark, in the first kilobyte', () => {
    for (const text of [posixShim(name, started), windowsShim(name, started)])
      expect(text.slice(0, 1024)).toContain(SHIM_MARK);
  });

  it('ends by running the command of ours, which gets every argument behind "--"', () => {
    expect(posixShim(name, started)).toMatch(
      new RegExp(`\nexec "\\$node" "\\$main" ${command} -- "\\$@"\n$`),
    );
  });

  it('quotes what a shell would take for its own', () => {
    expect(posixShim(name, started)).toContain(String.raw`node='/it'\''s/node'`);
    const windows = windowsShim(name, started);
    expect(windows).toContain(`"/it's/node" "/a %%b%%/tarwarden.js" ${command} -- %*\r\n`);
    expect(windows).toMatch(/if not exist [^]*exit \/b 97\r\n\)\r\n/);
    expect(windows.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe.skipIf(process.platform === 'win32')('a shim without the command', () => {
  let home: string;
  freshFolder((made) => (home = made));

  describe.each(['bash', 'dash', 'zsh', 'fish'])('in %s', (shell) => {
    const program = findProgram(shell);

    it.skipIf(program === undefined).each([
      ['.zprofile', {}],
      ['zsh/.zshrc', { ZDOTDIR: 'zsh' }],
      ['.config/fish/config.fish', {}],
      ['other/fish/config.fish', { XDG_CONFIG_HOME: 'other' }],
    ])('prints a command that finds the line in %s', (profile, folders) => {
      putFiles(home, { [profile]: `${PROFILE_MARK}\n` });
      const shim = putFile(join(home, 'npm'), posixShim('npm', started));
      const { status, stderr } = spawnSync('/bin/sh', [shim], { encoding: 'utf8' });
      expect(status).toBe(97);
      const [command = ''] = /^ *grep .*$/m.exec(stderr) ?? [];
      const more = Object.entries(folders).map(([name, value]) => [name, join(home, value)]);
      const env = { PATH: process.env['PATH'], HOME: home, ...Object.fromEntries(more) };
      // grep ends with 2 where a file is missing.
      const line = shell === 'fish' ? `${command}; true` : `${command} || true`;
      const found = execFileSync(program!, ['-c', line], { encoding: 'utf8', env });
      expect(found).toBe(`${join(home, profile)}\n`);
    });
  });
});

describe.skipIf(process.platform === 'win32')('the next step', () => {
  let folder: string;
  freshFolder((made) => (folder = made));

  it.each([
    ['a person', true, 'shims', /^tarwarden: .*PATH[^]*tarwarden verify\n$/],
    ['a pipe', false, 'shims', /^$/],
    ['a person whose folder would steer the terminal', true, 'shims\u001B[2J', /^$/],
  ])('is for standard error, and %s', async (_, isTTY, name, expected) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const before = process.stdout.isTTY;
    process.stdout.isTTY = isTTY;
    try {
      const values = { manager: undefined };
      const operands = [join(folder, name)];
      expect(await writeShims({ values, operands, mainUrl: import.meta.url })).toBe(0);
    } finally {
      process.stdout.isTTY = before;
    }
    expect(errors.mock.calls.map(([text]) => String(text)).join('')).toMatch(expected);
  });

  it.each([
    ['/home/me/.tarwarden/shims', 'export PATH="/home/me/.tarwarden/shims:$PATH"'],
    ["/it's/$here", String.raw`export PATH='/it'\''s/$here':"$PATH"`],
  ])('puts %s first on the PATH', (folder, line) => {
    expect(nextStep(folder).split('\n').slice(1)).toEqual([`  ${line}`, '  tarwarden verify']);
  });
});
