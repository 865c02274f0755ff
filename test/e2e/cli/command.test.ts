import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '@tarwarden/core';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { repository } from '../../support/managers.ts';
import { trialPackage } from '@tarwarden/guard/trial-archives';
import { makePlace } from './sandbox.ts';

const place = freshEach(() => makePlace());

describe('tarwarden', () => {
  it.each([[['--help']], [['-h']], [[]], [['help']]])('%j prints the commands', async (args) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tarwarden inspects [^]*tarwarden npm ci\n[^]*scan [^]*Exit codes:/);
    expect(stderr).toBe('');
  });

  it('help --all lists all commands', async () => {
    const { code, stdout } = await place.run(['help', '--all']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage:[^]*scan[^]*npm[^]*rules[^]*Exit codes:/);
  });

  it.each([['scan'], ['shims'], ['verify'], ['rules']])(
    '%s --help is what help prints of it',
    async (command) => {
      const { code, stdout } = await place.run([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`tarwarden ${command}`);
      expect((await place.run(['help', command])).stdout).toBe(stdout);
    },
  );

  it.each(['--version', '-v'])('%s prints the version of the package', async (option) => {
    const manifest = JSON.parse(
      readFileSync(join(repository, 'packages/cli/package.json'), 'utf8'),
    ) as { version: string };
    expect((await place.run([option])).stdout).toBe(`${manifest.version}\n`);
  });

  it.each([[['--version']], [['npm', '--unknown']]])(
    '%j starts without the core, which needs node:zlib',
    async (args) => {
      const preload = place.put(
        'loads.cjs',
        `const Module = require('node:module');
        const load = Module._load;
        Module._load = (request, ...rest) => {
          if (request === 'node:zlib') process.stdout.write('loaded');
          return load(request, ...rest);
        };`,
      );
      const env = { NODE_OPTIONS: `--require ${preload}` };
      expect((await place.run(args, { env })).stdout).not.toContain('loaded');
      expect((await place.run(['rules'], { env })).stdout).toContain('loaded');
    },
  );

  it('does not succeed with a command that never ends', async () => {
    const preload = place.put(
      'never.cjs',
      `const Module = require('node:module');
      const load = Module._load;
      Module._load = (request, ...rest) =>
        request.endsWith('/clients/run.js') ? { npm: () => new Promise(() => {}) } : load(request, ...rest);`,
    );
    const { code, stdout, stderr } = await place.run(['npm', 'ci'], {
      env: { NODE_OPTIONS: `--require ${preload}` },
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('it ended before it had an answer');
  });

  it.each([
    [['scna'], "unknown command 'scna' (did you mean scan?)"],
    [['--verison'], "unknown option '--verison' (did you mean --version?)"],
    [['constructor'], "unknown command 'constructor'"],
    [['scan', '--reportr', 'x'], "unknown option '--reportr' (did you mean --reporter?)"],
    [['scan', '-x'], "unknown option '-x'"],
    [
      ['scan', '--reporter', 'jsn', 'x'],
      "option '--reporter <reporter>' argument 'jsn' is invalid. Allowed choices are text, json, ndjson, sarif.",
    ],
    [['scan', '--color=yes', 'x'], "option '--color' takes no value"],
    [
      ['scan', '--json', '--reporter', 'sarif', 'x'],
      '--json is short for --reporter json, and --reporter sarif was given as well; leave one of them out',
    ],
    [['--json'], "unknown option '--json' before the command; write options after it"],
    [['help', 'scna'], "unknown command 'scna' (did you mean scan?)"],
    [['help', '--json'], "unknown option '--json'"],
    [['help', '--all', 'scan'], '--all lists all commands; leave out the name of one'],
    [['scan', '-', '-'], '"-" can be named once'],
    [
      ['verify', '--manager', 'pnmp'],
      "option '--manager <name>' argument 'pnmp' is invalid. Allowed choices are npm, npx, pnpm, yarn, bun, go, pip, pip3, python, python3, gem, bundle.",
    ],
    [['verify', 'npm'], 'too many arguments. Expected 0 arguments but got 1.'],
    [['rules', 'symlnk'], 'no rule "symlnk" (did you mean "symlink"?)'],
    [['\u001B[2J'], "unknown command '\\x1b[2J'"],
  ])('%j is a mistake that is reported in a line', async (args, message) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^tarwarden: .*\nTry: tarwarden (?:.*--help|help --all)\n$/);
    expect(stderr.split('\n')[0]).toBe(`tarwarden: ${message}`);
  });
});

describe('tarwarden rules', () => {
  it('lists every rule', async () => {
    const { code, stdout } = await place.run(['rules', '--json']);
    expect(code).toBe(0);
    const listed = JSON.parse(stdout) as { id: string }[];
    expect(listed.map((one) => one.id)).toEqual(Object.keys(rules));
    expect((await place.run(['rules'])).stdout.trimEnd().split('\n')).toHaveLength(listed.length);
  });

  it('prints the page of one, and what that links to as a command', async () => {
    const { code, stdout } = await place.run(['rules', 'symlink']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^error {3}symlink\n\n\*Error by default\.\* /);
    expect(stdout).toContain(rules.symlink.summary);
    expect(stdout).toContain('If you install it. Do not install it');
    expect(stdout).toContain('escaping-link (tarwarden rules escaping-link) then checks them');
    expect(stdout).toContain('  error    symlink\n           entry:  package/link\n');
    expect(stdout).not.toMatch(/\*\*|\]\(|\.md/);
  });

  it('prints levels and advice of single ecosystems and formats on lines of their own', async () => {
    const { stdout } = await place.run(['rules', 'symlink']);
    expect(stdout).toMatch(/^\*Error by default\.\* The entry is a symbolic link\.$/m);
    const { advice, elsewhere = {} } = rules.symlink;
    expect(stdout).toContain(`\n  For sdists: warning. One in 300`);
    expect(stdout).toContain(`\n  For RubyGems: warning. `);
    for (const { forUsers, forPublishers = '' } of Object.values(advice.elsewhere ?? {}))
      for (const text of [forUsers, forPublishers]) expect(stdout).toContain(`: ${text}\n`);
    const listed = await place.run(['rules', '--json', 'symlink']);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: 'symlink', elsewhere, advice }]);
  });

  it('has the page of every rule', async () => {
    const ids = Object.keys(rules);
    const { stdout } = await place.run(['rules', '--json', ...ids]);
    const listed = JSON.parse(stdout) as { id: string; page: string }[];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    for (const { id, page } of listed)
      expect(page).toBe(readFileSync(join(repository, `docs/rules/${id}.md`), 'utf8'));
  });

  it('is what a refusal names, for each rule that rejects', async () => {
    const file = place.put('bad.tgz', trialPackage('bad', 'canary').bytes);
    const { stdout } = await place.run(['explain', file]);
    const named = [...stdout.matchAll(/^ *more: +tarwarden (rules [\w-]+)$/gm)].map(
      ([, one]) => one,
    );
    expect(named).toEqual(['rules symlink', 'rules duplicate-path']);
    for (const command of named) {
      const { code } = await place.run((command ?? '').split(' '));
      expect(code).toBe(0);
    }
  });
});

describe('tarwarden npm --print-env', () => {
  it('prints what a shell takes', async () => {
    const { code, stdout } = await place.run(['npm', '--print-env']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^export NODE_OPTIONS='.*preload\.cjs.*'\n$/);
    const script = `${stdout}node -p 'typeof process.env.NODE_OPTIONS'`;
    const shell = await execute('sh', ['-c', script], { cwd: place.root, env: place.env });
    expect(shell).toMatchObject({ code: 0, stdout: 'string\n' });
  });

  it.each([
    ['dotenv', /^NODE_OPTIONS=.*preload\.cjs/],
    ['powershell', /^\$env:NODE_OPTIONS = '.*preload\.cjs.*'\n$/],
  ])('prints what %s takes', async (shell, pattern) => {
    expect((await place.run(['npm', '--print-env', '--shell', shell])).stdout).toMatch(pattern);
  });

  it('prints nothing for GitHub, whose runner would drop it, and says so', async () => {
    const result = await place.run(['npm', '--print-env', '--shell', 'github']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('takes no NODE_OPTIONS from $GITHUB_ENV');
    expect(result.stderr).toContain('tarwarden setup --manager npm');
  });

  it('keeps what is set already', async () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=2048' };
    const { stdout } = await place.run(['npm', '--print-env'], { env });
    expect(stdout).toContain('--max-old-space-size=2048');
  });

  it.each([[['--shell', 'fish']], [['--sehll', 'posix']], [['install']]])(
    'refuses %j',
    async (more) => {
      expect(await place.run(['npm', '--print-env', ...more])).toMatchObject({
        code: 2,
        stdout: '',
      });
    },
  );

  it('leaves every other argument to npm', async () => {
    const { code, stdout } = await place.run(['npm', 'install', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('npm install');
  });
});
