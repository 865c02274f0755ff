import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quote, shellWord } from '@tarwarden/core/text';
import { isShim, programsOnPath } from '@tarwarden/guard/run';
import { pathVariable } from '@tarwarden/guard/programs';
import { type Call, tell, write } from '@tarwarden/guard/command-line';
import { verifyThese } from '../../guard-trials/report.ts';
import { canAsk, isAnsweredYes } from '../../ask.ts';
import { fishWord } from '../../completion/fish.ts';
import { PROFILE_MARK, refuseOtherFiles, shimsIn, type ShimName } from '../../shims/shim-files.ts';
import { applyChanges, notSetUp, realChanges } from '../../edit/file-changes.ts';
import { ciService, setUpCi } from './ci.ts';
import type { definition } from './definition.ts';
import { refuseProjectsCommand, setupFolders, type SetupFolders } from './folders.ts';
import { newShell, type NewShell } from './new-shell.ts';
import {
  changeLines,
  fileChanges,
  isInstalled,
  managersToGuard,
  shimChanges,
  verifiedManagers,
} from './plan.ts';
import { loadedFile } from './profile-line.ts';
import { chosenShell, profilesOf, withLineOf, type ChosenShell } from './profiles.ts';
import { shellFiles } from './shell-files.ts';
import { undoSetup } from './undo.ts';

type SetupCall = Call<typeof definition.options>;

/** `npx`, `pnpm dlx` and `yarn dlx` run a package from such a folder, and remove it later. */
const PASSING_FOLDER = /[\\/](?:_npx|dlx|dlx-[^\\/]*|xfs-[^\\/]*)[\\/]/;

/** `tarwarden setup`: guards the managers of a person's machine, or of a CI job, and shows that it works. */
export async function setupCommand({ values, mainUrl }: SetupCall): Promise<number> {
  const { env } = process;
  const isDryRun = values['dry-run'] === true;
  const main = fileURLToPath(mainUrl);
  if (values.undo === true) return undoSetup(env, { main, isDryRun });
  const service = values.shell === undefined ? await ciService() : undefined;
  if (PASSING_FOLDER.test(main))
    throw notSetUp(
      `this tarwarden runs from ${quote(main)}, a folder that npx and dlx use for a while. Install the command first, as docs/install.md shows`,
    );
  if (process.platform === 'win32' && service === undefined)
    throw notSetUp(
      'setup changes the profiles of bash, zsh and fish. On Windows, use "tarwarden shims"',
    );
  if (service !== undefined && process.stdin.isTTY)
    tell(
      'variables such as CI are set, so this is taken for a job. On your own machine, name your shell: tarwarden setup --shell bash',
    );
  if (service !== undefined)
    return setUpCi(service, { main, managers: values.manager, env, isDryRun, color: values.color });
  return setUpMachine(values, main);
}

async function setUpMachine(values: SetupCall['values'], main: string): Promise<number> {
  const { env } = process;
  const folders = setupFolders(env);
  const shell = chosenShell(values.shell, env);
  const managers = managersToGuard(values.manager, env);
  refuseProjectsCommand(main, process.cwd());
  refuseOtherFiles([folders.shims, folders.shell]);
  const profiles = profilesOf(shell, folders.home, env).map((profile) =>
    withLineOf(profile, shell.name, folders),
  );
  const files = [
    ...shimChanges(managers, { main, folder: folders.shims }),
    ...fileChanges(folders.shell, await shellFiles(shell.name, folders)),
  ];
  const changes = realChanges([...files, ...profiles]);
  await write(`Package managers on the PATH: ${managers.join(', ')}\n`);
  if (changes.length === 0) await write('Nothing has to be changed.\n');
  else await write(`Changes:\n${changeLines(changes).join('')}`);
  if (values['dry-run'] === true) return 0;
  if (changes.length > 0) {
    if (values.yes !== true && !(await isAgreed())) {
      tell('nothing was changed');
      return 1;
    }
    applyChanges(changes);
  }
  return showThatItWorks(shell, folders, values.color);
}

/** @throws TarwardenError if there is no terminal for the question. */
async function isAgreed(): Promise<boolean> {
  if (!canAsk())
    throw notSetUp(
      'setup asks before it changes these files, and there is no terminal. To answer yes, add --yes',
    );
  return isAnsweredYes('Make these changes?');
}

async function showThatItWorks(
  shell: ChosenShell,
  folders: SetupFolders,
  color: boolean | undefined,
): Promise<number> {
  const { env } = process;
  const names = shimsIn(folders.shims);
  const opened = await newShell(shell, { folders, env, names });
  if (opened === undefined) {
    tell(
      `a new ${shell.name} did not answer, so that nothing is known of the guard there. Open a new terminal, and run: tarwarden verify`,
    );
    return 2;
  }
  await write(`In a new ${shell.name}:\n`);
  const installedNames = names.filter((name) => isInstalled(name, opened.env));
  const code = await verifyThese({
    managers: verifiedManagers(installedNames),
    // Not the home: with another HOME than the account's, the user's own policy would be that of a project there.
    cwd: resolve('/'),
    color,
    json: false,
    env: opened.env,
  });
  const login =
    shell.name === 'fish' ? [] : await loginShellProblem(shell, folders, installedNames);
  const lines = [...shellProblems(opened, { folders, names, shell }), ...login, ...hints(names)];
  for (const line of lines) await write(`${line}\n`);
  if (code === 0) await write(thisTerminal(shell, folders));
  return code === 0 && login.length > 0 ? 1 : code;
}

/** The managers that a login shell would run unguarded. In bash and zsh it reads other files than a new terminal. */
async function loginShellProblem(
  shell: ChosenShell,
  folders: SetupFolders,
  names: readonly ShimName[],
): Promise<string[]> {
  const opened = await newShell(shell, { folders, env: process.env, names, isLogin: true });
  const unguarded = opened === undefined ? [] : behindOthers(names, opened.env);
  if (unguarded.length === 0) return [];
  return [
    `UNGUARDED in a login shell of ${shell.name}, as ssh and coding agents start it: ${unguarded.join(', ')}. The file that it reads puts another folder before the shims below the line of setup. Let setup write its line again, at the end: tarwarden setup --undo && tarwarden setup`,
  ];
}

/** The managers of which another program comes before the shim. */
function behindOthers(names: readonly ShimName[], env: NodeJS.ProcessEnv): ShimName[] {
  return names.filter((name) => {
    const [first] = programsOnPath(name, env);
    return first !== undefined && !isShim(first);
  });
}

/** The things that a user has to know of a new shell, beside the result of each manager. */
export function shellProblems(
  { env, replaced }: NewShell,
  {
    folders,
    names,
    shell,
  }: { folders: SetupFolders; names: readonly ShimName[]; shell: ChosenShell },
): string[] {
  const missing = names.filter((name) => !isInstalled(name, env));
  return [
    ...(behindOthers(names, env).length === 0
      ? []
      : [
          pathVariable(env).split(delimiter).includes(folders.shims)
            ? 'A line below that of setup, or a hook that runs before each prompt (PROMPT_COMMAND, precmd), puts another folder before the shims. Let setup write its line again, at the end of the file: tarwarden setup --undo && tarwarden setup. If that does not help, look for the hook.'
            : `${shell.name} does not run the line of setup at the end of its file: a line above it leaves the file early, as "return" does, or has a quote or a here-document without an end. Correct that line, or move the line with "${PROFILE_MARK}" above it.`,
        ]),
    ...missing.map(
      (name) => `${name} is not on the PATH of a new ${shell.name}, and was not tried there.`,
    ),
    ...replaced.map(
      (name) =>
        `${name} is an alias or a function in ${shell.name}. The guard is in it only if it starts ${name} by its name, without a path.`,
    ),
  ];
}

function hints(names: readonly ShimName[]): string[] {
  const isPython = names.some((name) => name.startsWith('pip'));
  if (!isPython || names.includes('python3') || names.includes('python')) return [];
  return [
    '"python -m pip" is not guarded. To guard it too: tarwarden setup --manager python3 (every start of Python then goes through the guard)',
  ];
}

function thisTerminal(shell: ChosenShell, { shims, shell: folder }: SetupFolders): string {
  if (pathVariable(process.env).split(delimiter)[0] === shims) return '';
  const file = join(folder, loadedFile(shell.name));
  const line = shell.name === 'fish' ? `source ${fishWord(file)}` : `. ${shellWord(file)}`;
  return `Each new terminal is guarded. To guard this one now:\n  ${line}\n`;
}
