/** `tarwarden setup` for real shells and in CI: a new shell, or a later step, is guarded, and --undo gives every byte back. */
import { chmodSync, chownSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { attack } from '../support/attacks.ts';
import { execute, type Result } from '../support/execute.ts';
import { freshEach } from '../support/fresh-each.ts';
import { envFor } from '../support/managers.ts';
import { findProgram } from '../support/programs.ts';
import { putFile, putFiles } from '../support/put-file.ts';
import { tree } from '../support/sandbox.ts';
import { closeUntouched, makeScriptBench, publish, SUBJECT, type ScriptBench } from './bench.ts';
import { TARWARDEN } from './verify/world.ts';

/** A home with folders that need care in a line of a shell, and profiles of all three shells. */
interface Machine extends ScriptBench {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  setup(...args: string[]): Promise<Result>;
  /** Runs a line in a shell, in the project. */
  shell(name: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Result>;
}

async function makeMachine(): Promise<Machine> {
  const bench = await makeScriptBench({ name: 'project', version: '1.0.0' });
  publish(bench, attack('symlink').build({ name: SUBJECT }));
  const { sandbox } = bench;
  const home = join(sandbox.root, "it's $HOME");
  const registry = readFileSync(join(sandbox.home, '.npmrc'), 'utf8');
  putFiles(home, {
    '.npmrc': registry,
    // Its end is not reached without a terminal, as Debian has it.
    '.bashrc': 'case $- in *i*) ;; *) return ;; esac\n# no line end',
    '.bash_profile': '. ~/.bashrc\n',
    '.zshenv': 'ZDOTDIR=$HOME/zsh\n',
    'zsh/.zshrc': 'setopt nounset noclobber rcquotes\n',
    '.config/fish/config.fish': '# mine\n\n',
    // As `tarwarden allow` leaves it. HOME is not the home of the account here.
    '.config/tarwarden/policy.json': '{}',
    // fish keeps its history there.
    '.local/share/mine': '',
  });
  chmodSync(join(home, '.bashrc'), 0o600);
  const { XDG_DATA_HOME: _data, XDG_CONFIG_HOME: _config, ...rest } = sandbox.env;
  const { PATH } = envFor('npm-10', { sandbox });
  // Setup verifies each manager that it guards. One is enough here.
  rmSync(join((PATH ?? '').split(delimiter)[0] ?? '', 'npx'));
  const env = { ...rest, PATH, HOME: home, SHELL: '/nowhere/sh' };
  const options = { cwd: sandbox.project, env };
  return {
    ...bench,
    home,
    env,
    setup: async (...args) =>
      execute(process.execPath, [TARWARDEN, 'setup', '--manager', 'npm', ...args], options),
    shell: async (name, args, more = {}) =>
      execute(findProgram(name)!, args, { ...options, env: { ...env, ...more } }),
  };
}

/** The files of the user. A shell keeps files of its own, which are not looked at. */
const filesOf = ({ home }: Machine): string[] =>
  tree(home, { ignore: (path) => /^(?:\.cache|\.npm|\.local\/share\/fish)(?:\/|$)/.test(path) });

describe.skipIf(process.platform === 'win32')('tarwarden setup', () => {
  const machine = freshEach(makeMachine, closeUntouched);
  let before: string[];
  beforeEach(() => {
    before = filesOf(machine);
  });

  async function expectRefused(run: (line: string) => Promise<Result>): Promise<void> {
    const refused = await run(`npm install ${SUBJECT}`);
    expect(refused.stderr).toMatch(new RegExp(`refused ${SUBJECT}@1\\.0\\.0`));
    expect(refused.code).not.toBe(0);
  }

  async function expectUndone(): Promise<void> {
    expect(await machine.setup('--undo')).toMatchObject({ code: 0, stderr: '' });
    expect(filesOf(machine)).toEqual(before);
  }

  const shells = [
    ['bash', ['.bashrc', '.bash_profile']],
    ['zsh', ['zsh/.zshrc', 'zsh/.zprofile']],
    ['fish', ['.config/fish/config.fish']],
  ] as const;
  for (const [name, profiles] of shells)
    describe(`in ${name}`, { tags: name === 'bash' ? [] : [name] }, () => {
      it('guards each new shell, and is taken out again', async () => {
        machine.sandbox.command(name, findProgram(name)!);
        const { code, stdout } = await machine.setup('--yes', '--shell', name);
        expect({ code, stdout }).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(new RegExp(`In a new ${name}:\nguarded {3}npm`)) as string,
        });
        const changed = filesOf(machine).filter((line) => !before.includes(line));
        expect(changed.map((line) => line.split(' ')[1])).toEqual(
          expect.arrayContaining([...profiles, '.local/share/tarwarden/shims/npm']),
        );
        if (name === 'bash')
          await expectRefused(async (line) => machine.shell(name, ['-i', '-c', line]));
        // A coding agent starts a login shell without a terminal.
        const agent = await machine.shell(name, ['-l', '-c', 'command -v npm']);
        expect(agent.stdout).toBe(`${join(machine.home, '.local/share/tarwarden/shims/npm')}\n`);
        const again = await machine.setup('--dry-run', '--shell', name);
        expect(again.stdout).toMatch(/Nothing has to be changed\.\n$/);
        // A shell in a shell: the folder is on the PATH once.
        const nested = `${name} -i -c 'printf "%s\\n" "$PATH"'`;
        const { stdout: path } = await machine.shell(name, ['-i', '-c', nested]);
        expect(path.split('tarwarden/shims')).toHaveLength(2);
        await expectUndone();
      });
    });

  it('changes nothing without a terminal, without --yes', async () => {
    const { code, stderr } = await machine.setup('--shell', 'bash');
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is no terminal. To answer yes, add --yes. Nothing was changed/);
    expect(filesOf(machine)).toEqual(before);
  });

  it('guards the later steps of a job on GitHub', async () => {
    const file = putFile(join(machine.sandbox.root, 'github-path'), '');
    // In a job with a container, the file belongs to the user of the runner, and the steps are root.
    if (process.getuid?.() === 0) chownSync(file, 12_345, 12_345);
    const temporary = join(machine.sandbox.root, 'temp');
    const job = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_PATH: file, RUNNER_TEMP: temporary };
    const step = async (line: string, path = machine.env['PATH']): Promise<Result> =>
      machine.shell('bash', ['-e', '-c', line], { ...job, PATH: path });
    const run = `'${process.execPath}' '${TARWARDEN}' setup`;
    expect(await step(`${run} --manager npm`)).toMatchObject({ code: 0, stderr: '' });
    const later = [...readFileSync(file, 'utf8').split('\n').filter(Boolean), machine.env['PATH']];
    expect(later[0]).toBe(join(temporary, 'tarwarden-shims'));
    await expectRefused(async (line) => step(line, later.join(delimiter)));
    expect(filesOf(machine)).toEqual(before);
  });

  it('prints nothing but a line for the shell on other services, and fails the job if it cannot', async () => {
    const job = { CI: 'true', GITLAB_CI: 'true' };
    const run = `eval "$('${process.execPath}' '${TARWARDEN}' setup --manager`;
    const good = await machine.shell('bash', ['-c', `${run} npm)"; command -v npm`], job);
    expect(good.stdout).toMatch(/^.*\/tarwarden\/shims\/npm\n$/);
    const bad = await machine.shell('bash', ['-c', `${run} pnpm)"; echo reached`], job);
    expect(bad).toMatchObject({ code: 2, stdout: '' });
  });
});
