import { didYouMean, quote } from '@tarwarden/core/text';
import { type Described, write, UsageError } from '@tarwarden/guard/command-line';
import { CONFINE_NAMES, readConfine, runConfinable, type Confinable } from './confined.ts';

/** One of our commands that run a package manager. */
export interface Runner {
  /** Our command, which has the same name as theirs. */
  readonly command: Described;
  /** Our options besides --help and those of confinement. */
  readonly own?: readonly string[];
  /** Whether the manager takes this option before anything else. Without it, the manager gets all options but a first `--help`. */
  readonly isTheirs?: (arg: string) => { readonly known: boolean; readonly takesNext: boolean };
  /** The advice for a user who puts an unknown option first. */
  readonly hint?: string;
}

/**
 * The arguments for the manager. Undefined if our help was asked for. An option before the manager's command has to be ours, or a known
 * one of the manager. Any other option is a {@link UsageError}: the manager might ignore a mistyped option, and the user would not
 * notice. Everything behind a leading `--` is the manager's.
 */
function readLeading(runner: Runner, typedArgs: readonly string[]): readonly string[] | undefined {
  if (typedArgs[0] === '--') return typedArgs.slice(1);
  let at = 0;
  while (at < typedArgs.length) {
    const arg = typedArgs[at] ?? '';
    if (!arg.startsWith('-') || arg === '--') break;
    if (arg === '--help' || arg === '-h') return undefined;
    if (runner.isTheirs === undefined) break;
    const { known: isKnown, takesNext } = runner.isTheirs(arg);
    if (!isKnown) throw unknownOption(runner, arg);
    at += takesNext ? 2 : 1;
  }
  return typedArgs;
}

function unknownOption(runner: Runner, arg: string): UsageError {
  const name = arg.replace(/=.*/s, '');
  const ownNames = [...(runner.own ?? []), ...CONFINE_NAMES, '--help'];
  const suggestion = didYouMean(name, ownNames);
  return new UsageError(
    `unknown option ${quote(name)}${suggestion === '' ? `; ${runner.hint ?? ''}` : suggestion}`,
    runner.command.name,
  );
}

export type StartedClient = Pick<Confinable, 'client' | 'run'> &
  Partial<Pick<Confinable, 'args' | 'settle'>>;

/** Reads the options before the client's command, and starts the client unless they ask for our help. */
export async function runClient(
  runner: Runner,
  typedArgs: readonly string[],
  mainUrl: string,
  start: (args: readonly string[]) => Promise<StartedClient>,
): Promise<number> {
  const { options, rest: leadingArgs } = readConfine(runner.command.name, typedArgs);
  const args = readLeading(runner, leadingArgs);
  if (args === undefined) return showHelp(runner);
  return runConfinable({ options, args, mainUrl, ...(await start(args)) });
}

export async function showHelp({ command }: Pick<Runner, 'command'>): Promise<number> {
  const { helpOf } = await import('@tarwarden/guard/command-line/parse');
  await write(helpOf(command));
  return 0;
}
