/** The environment of a new shell, and what setup says of it. */
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setupFolders } from '../../../../packages/cli/src/commands/setup/folders.ts';
import { newShell } from '../../../../packages/cli/src/commands/setup/new-shell.ts';
import { shellProblems } from '../../../../packages/cli/src/commands/setup/run.ts';
import {
  loadedFile,
  profileLine,
} from '../../../../packages/cli/src/commands/setup/profile-line.ts';
import { shellFiles } from '../../../../packages/cli/src/commands/setup/shell-files.ts';
import { posixShim } from '../../../../packages/cli/src/shims/shim-files.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { findProgram } from '../../../support/programs.ts';
import { putFile } from '../../../support/put-file.ts';

const PROFILES = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' } as const;
const FISH_HOOK = 'function hook --on-event fish_prompt; set -gx PATH ~/other $PATH; end\n';

describe.skipIf(process.platform === 'win32')('a new shell', () => {
  let home: string;
  freshFolder((folder) => (home = folder));

  const putProgram = (path: string, text: string): void => chmodSync(putFile(path, text), 0o755);

  /** Opens a shell whose profile has this text, and then the line of setup. */
  async function problemsWith(name: keyof typeof PROFILES, text: string): Promise<string[]> {
    const env = { PATH: process.env['PATH'], HOME: home };
    const folders = setupFolders(env);
    const { shims: folder, shell } = folders;
    putProgram(join(folder, 'npm'), posixShim('npm', { node: 'node', main: 'main', folder }));
    putProgram(join(home, 'other/npm'), '#!/bin/sh\n');
    for (const [file, content] of await shellFiles(name, folders))
      putFile(join(shell, file), content);
    const line = profileLine(name, join(shell, loadedFile(name)));
    putFile(join(home, PROFILES[name]), `${text}${line}\n`);
    const options = { folders, env, names: ['npm'] as const };
    const chosen = { name, program: findProgram(name)! };
    const opened = await newShell(chosen, options);
    expect(opened?.env['PATH']?.split(delimiter).length).toBeGreaterThan(1);
    return shellProblems(opened!, { ...options, shell: chosen });
  }

  const hooks = [
    ['bash', ''],
    ['bash', 'set -eu\nPROMPT_COMMAND=(false true)\n'],
    ['bash', 'sleep 3600 &\n'],
    ['zsh', 'precmd() { sleep 3600 & }\n'],
    // The folder of the shims is taken from the PATH by its name, and a shell can compare without case.
    [
      'bash',
      'shopt -s nocasematch\nPATH=$PATH:${HOME^^}/.LOCAL/share/tarwarden/shims:$HOME/.local/share/tarwarden/shims\n',
    ],
    ['zsh', 'setopt nounset\n'],
    ['zsh', 'precmd() { false }\n'],
    ['fish', ''],
  ] as const;
  for (const [name, text] of hooks)
    it.skipIf(findProgram(name) === undefined)(
      `of ${name} is guarded after ${JSON.stringify(text)}`,
      async () => {
        expect(await problemsWith(name, text)).toEqual([]);
      },
    );

  const overtaking = [
    ['bash', 'PROMPT_COMMAND="PATH=~/other:\\$PATH"\n'],
    ['bash', 'set -eu\nPROMPT_COMMAND=(false "PATH=~/other:\\$PATH")\n'],
    ['zsh', 'setopt nounset\nprecmd() { PATH=~/other:$PATH }\n'],
    ['zsh', 'autoload -U add-zsh-hook; f() { PATH=~/other:$PATH }; add-zsh-hook precmd f\n'],
    ['fish', FISH_HOOK],
  ] as const;
  for (const [name, text] of overtaking)
    it.skipIf(findProgram(name) === undefined)(
      `of ${name} is not guarded if a hook of its prompt sets the PATH: ${text}`,
      async () => {
        const [problem] = await problemsWith(name, text);
        expect(problem).toMatch(
          /a hook that runs before each prompt .* puts another folder before/,
        );
      },
    );

  const early = [
    ['bash', 'PATH=~/other:$PATH\nreturn\n'],
    ['bash', 'PATH=~/other:$PATH\ncat > /dev/null <<E\n'],
    ['bash', 'PATH=~/other:$PATH\necho "\n'],
    ['zsh', 'PATH=~/other:$PATH\nreturn\n'],
    ['fish', 'set -gx PATH ~/other $PATH\nreturn\n'],
  ] as const;
  for (const [name, text] of early)
    it.skipIf(findProgram(name) === undefined)(
      `of ${name} does not reach the line below ${JSON.stringify(text)}`,
      async () => {
        const [problem] = await problemsWith(name, text);
        expect(problem).toMatch(/does not run the line of setup.*"return".*move the line with/);
      },
    );
});
