import type { Command } from '@tarwarden/guarded-run';
import type { RunContext } from '../paths.ts';

/**
 * `fetch`: with the network, and without code of packages.
 * `scripts`: code of packages runs without network and secrets, and cannot write to caches.
 * `whole`: both at once, for clients that cannot split them.
 */
export type Phase = 'whole' | 'fetch' | 'scripts';

/** A run of the client. */
export interface ClientStep {
  readonly args: readonly string[];
  readonly phase: Phase;
  /** Only in `scripts`: the user's policy lets these scripts reach the network. */
  readonly network?: boolean;
  /** This program runs instead of the client, behind the same walls and without output. */
  readonly program?: Command;
  /** If this step fails, a warning names it by this name, and the run goes on. */
  readonly optional?: string;
}

export interface ClientCall extends RunContext {
  /** The arguments as the user typed them, without tarwarden's own. */
  readonly args: readonly string[];
  /** The program of the client. */
  readonly program: string;
}

export interface Project extends ClientCall {
  /** The real folder of the project. The client may write to all of it. */
  readonly root: string;
  /** Packages whose scripts may reach the network. The user's own policy names them. */
  readonly networkPackages: readonly string[];
}

/** The facts about a client. Only the project's files come from the repository, everything else from the user. */
export interface Client {
  /** Names of the client's program on the PATH, if they differ from the client's name. */
  readonly programs?: readonly string[];
  /** The root of the project. */
  root(call: ClientCall): string;
  /** The user's caches and stores, by the user's own settings or by default. */
  folders(call: ClientCall): readonly string[];
  /** Set if tarwarden itself runs the program outside the walls. Then the program must not be in the project. */
  readonly trusted?: true;
  /** Set if the guard runs only in tarwarden's process. Then the client writes none of the guard's files. */
  readonly guardIsOutside?: true;
  /** This user's own folders in a place that all users share. Every phase writes to them. */
  readonly locks?: () => readonly string[];
  /** The user's files without which the client does not run. They stay readable for scripts. */
  readonly needs?: (call: ClientCall) => readonly string[];
  /** Variables that the settings of a repository do not overrule. */
  readonly env?: (
    project: Project,
    step: Pick<ClientStep, 'phase' | 'network'>,
  ) => NodeJS.ProcessEnv;
  /** @throws ConfineError if it is not known whether the command can run confined. */
  steps(project: Project): Iterable<ClientStep>;
}

/** The arguments before `--`. */
function own(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** The values of all options of these names, in their order. An option is written `--name value` or `--name=value`. */
export function valuesOf(args: readonly string[], ...names: readonly string[]): string[] {
  return own(args).flatMap((arg, at, all) => {
    for (const name of names) {
      if (arg === name) return all[at + 1] ?? [];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
    }
    return [];
  });
}

/** The last of these values, or undefined. */
export function valueOf(args: readonly string[], ...names: readonly string[]): string | undefined {
  return valuesOf(args, ...names).at(-1);
}

export function has(args: readonly string[], ...names: readonly string[]): boolean {
  return own(args).some((arg) => names.includes(arg));
}
