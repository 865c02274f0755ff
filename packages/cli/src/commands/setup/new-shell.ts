/* Starts the user's shell as a new terminal does, and asks it for its environment. */
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { shellWord } from '@tarwarden/core/text';
import { fishWord } from '../../completion/fish.ts';
import type { ChosenShell } from './profiles.ts';
import type { SetupFolders } from './folders.ts';

/** A profile may start other programs, and some wait for a network. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The variables that npm, npx and the like set for what they start. A new terminal has none of them. */
const OF_A_RUN = /^(?:npm_|INIT_CWD$|PROJECT_CWD$|TARWARDEN_|BERRY_BIN_FOLDER$)/;

export interface NewShell {
  readonly env: NodeJS.ProcessEnv;
  readonly replaced: readonly string[];
}

/** Prints the environment, and which of its arguments are an alias or a function, to the file descriptor 3. */
const REPORT =
  'require("fs").writeSync(3, JSON.stringify({ env: process.env, replaced: process.argv.slice(1) }) + "\\n")';

/** The environment of a new shell: that of a terminal, or a login shell without one. Undefined if the shell does not answer. */
export async function newShell(
  { name, program }: ChosenShell,
  options: {
    readonly folders: SetupFolders;
    readonly env: NodeJS.ProcessEnv;
    readonly names: readonly string[];
    readonly isLogin?: boolean;
  },
): Promise<NewShell | undefined> {
  const { folders, env, names, isLogin = false } = options;
  const report = name === 'fish' ? fishScript(names) : posixScript(name, names);
  const script = isLogin ? report : `${PROMPT_HOOKS[name]}; ${report}`;
  const child = spawn(program, [isLogin ? '-l' : '-i', '-c', script], {
    cwd: folders.home,
    env: environmentOfTerminal(env, folders),
    // A session of its own: an interactive shell would take the terminal from this process.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, ANSWER_TIMEOUT_MS);
  try {
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const answer = await Promise.race([firstLine(child.stdio[3] as Readable), failed]);
    return JSON.parse(answer) as NewShell;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    hangUp(child.pid);
  }
}

/** The line that the shell answers with. A program that a profile leaves in the background keeps the pipe open after it. */
async function firstLine(stream: Readable): Promise<string> {
  try {
    for await (const line of createInterface({ input: stream })) return line;
    return '';
  } finally {
    stream.destroy();
  }
}

/** Ends the programs that a shell has left in the background, as closing a terminal does. */
function hangUp(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGHUP');
  } catch {
    // Nothing is left.
  }
}

/** The environment of this process without what a guarded shell or a package manager has added. */
function environmentOfTerminal(env: NodeJS.ProcessEnv, { shims }: SetupFolders): NodeJS.ProcessEnv {
  const keptVariables = Object.entries(env).filter(([name]) => !OF_A_RUN.test(name));
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== shims);
  return { ...Object.fromEntries(keptVariables), PATH: path.join(delimiter) };
}

/** Runs what the shell would run before its first prompt: some tools set the PATH there. */
const PROMPT_HOOKS: Readonly<Record<ChosenShell['name'], string>> = {
  bash: 'for hook in ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"}; do eval "$hook" || :; done',
  zsh: 'for hook in precmd ${precmd_functions-}; do if (( ${+functions[$hook]} )); then $hook || :; fi; done',
  // fish itself writes files of the user before its first prompt.
  fish: 'functions -e __fish_on_interactive; emit fish_prompt',
};

function posixScript(shell: 'bash' | 'zsh', names: readonly string[]): string {
  const kind = shell === 'bash' ? 'type -t' : 'whence -w';
  return `set --; for name in ${names.join(' ')}; do case $(${kind} "$name") in *alias | *function) set -- "$@" "$name" ;; esac; done; exec ${shellWord(process.execPath)} -e ${shellWord(REPORT)} -- "$@"`;
}

function fishScript(names: readonly string[]): string {
  return `set -l replaced; for name in ${names.join(' ')}; if functions -q $name; set -a replaced $name; end; end; exec ${fishWord(process.execPath)} -e ${fishWord(REPORT)} -- $replaced`;
}
