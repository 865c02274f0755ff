import { didYouMean, quote } from '@tarwarden/core/text';
import { type PassThroughCommand, UsageError, write } from '@tarwarden/host/command-line';

/** A command of ours that runs one of a package manager. */
export interface Runner {
  /** Our command, which has the name of theirs. */
  readonly command: PassThroughCommand;
  /** Options of ours besides --help. */
  readonly own: readonly string[];
  /** Whether the manager takes this option before anything else. */
  readonly isTheirs: (arg: string) => { readonly known: boolean; readonly takesNext: boolean };
  /** Where the manager's own options belong, for whoever put them first. */
  readonly hint: string;
}

/** The arguments for the manager, or `help` when ours was asked for. */
export type Reading = { readonly help: true } | { readonly help: false; readonly args: string[] };

/**
 * Options before the manager's command are ours, or must be known to be the manager's. An option that is neither is a
 * {@link UsageError}: passed on, a mistyped one would be ignored, and nobody would know that it had no effect. All that
 * is behind a leading `--` is the manager's.
 */
export function readLeading(runner: Runner, given: readonly string[]): Reading {
  if (given[0] === '--') return { help: false, args: given.slice(1) };
  let at = 0;
  while (at < given.length) {
    const arg = given[at] ?? '';
    if (!arg.startsWith('-') || arg === '--') break;
    if (arg === '--help' || arg === '-h') return { help: true };
    const { known, takesNext } = runner.isTheirs(arg);
    if (!known) throw unknownOption(runner, arg);
    at += takesNext ? 2 : 1;
  }
  return { help: false, args: [...given] };
}

function unknownOption(runner: Runner, arg: string): UsageError {
  const name = arg.replace(/=.*/s, '');
  const ours = [...runner.own, '--help'];
  const meant = didYouMean(name, ours);
  return new UsageError(
    `unknown option ${quote(name)}${meant === '' ? `; ${runner.hint}` : meant}`,
    runner.command.name,
  );
}

/** Prints the help of one of our commands that run a manager. */
export async function showHelp({ command }: Pick<Runner, 'command'>): Promise<number> {
  const { helpOf } = await import('@tarwarden/host/command-line/parse');
  await write(helpOf(command));
  return 0;
}
