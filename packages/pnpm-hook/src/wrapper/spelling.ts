/* Rewrites command lines that pnpm could read in several ways. */
import { isLeadingPnpmOption, parsePnpmArguments, wordsInFront } from './command-line.ts';

/** Words that some versions of pnpm use as the value of `--color`. */
const COLORS: ReadonlySet<string | undefined> = new Set([
  'always',
  'auto',
  'false',
  'never',
  'true',
]);

/** Options before a command that make pnpm run scripts of other packages than the one in the folder. */
const SELECTS =
  /^(?:-[rwFg]|--(?:recursive|workspace-root|include-workspace-root|filter|filter-prod|global)(?:=.*)?)$/;

/** Every command of pnpm 10, 11 and 12. Only `pnpm run NAME` runs a script with such a name. */
const COMMANDS: ReadonlySet<string> = new Set(
  (
    'access add adduser approve approve-builds audit bin bugs c cache cat-file cat-index change ci clean clean-install ' +
    'completion config create dedupe deploy deprecate dislink dist-tag dist-tags dlx docs doctor edit env exec fetch find ' +
    'find-hash fund get help home i ic ignored-builds import info init install install-clean install-test issues it la lane ' +
    'licenses link list ll ln login logout ls m multi outdated owner owners pack pack-app patch patch-commit patch-remove ' +
    'peers permissions ping pipeline pkg pm prefix profile prune publish purge rb rebuild recursive remove repo restart rm ' +
    'root rt run run-script runtime s sbom se search self-update server set set-script setup shim show ss stage star stars ' +
    'start stop store t tasks team test token tst un undeprecate uni uninstall unlink unpublish unstar up update upgrade v ' +
    'version view why whoami with xmas'
  ).split(' '),
);

/** Adds a value to `--color` before the command. Otherwise pnpm 11.0 uses the command as the value. */
export function withColorValue(args: readonly string[]): string[] {
  const spelled = [...args];
  for (let at = 0; isLeadingPnpmOption(spelled[at] ?? '').known; at += wordsInFront(spelled, at))
    if (spelled[at] === '--color' && !COLORS.has(spelled[at + 1])) spelled[at] = '--color=always';
  return spelled;
}

/** A script that the command line may name without `run`. */
export interface ImplicitScript {
  readonly name: string;
  /** The folder that the command line names; by default that of the process. */
  readonly dir?: string;
  /** The same command line with `run`. */
  readonly args: readonly string[];
}

/** The script that pnpm runs if the folder has one of this name; undefined if the name is a command. */
export function implicitScript(args: readonly string[]): ImplicitScript | undefined {
  const { leading, sure, command, rest } = parsePnpmArguments(args);
  if (!sure || command === undefined || COMMANDS.has(command)) return undefined;
  if (leading.some((arg) => SELECTS.test(arg))) return undefined;
  const dir = leading
    .map(
      (arg, at) =>
        /^(?:--dir|-C)=(.*)$/s.exec(arg)?.[1] ??
        (/^(?:--dir|-C)$/.test(arg) ? leading[at + 1] : undefined),
    )
    .findLast((folder) => folder !== undefined);
  return {
    name: command,
    ...(dir !== undefined && { dir }),
    args: [...leading, 'run', command, ...rest],
  };
}
