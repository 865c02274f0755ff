import type { Command } from '@tarwarden/guarded-run';
import type { Where } from '../paths.ts';

/**
 * `fetch`: with the network, and nothing that packages bring is run. `scripts`: what packages bring is run, without network and
 * secrets, and may not write to caches. `whole`: both at once, where a client has no other way.
 */
export type Phase = 'whole' | 'fetch' | 'scripts';

/** One run of the client. */
export interface Step {
  readonly args: readonly string[];
  readonly phase: Phase;
  /** Of scripts: the user's policy lets them reach the network. */
  readonly network?: boolean;
  /** Run instead of the client, behind the same walls, without a word. */
  readonly program?: Command;
  /** A name that a warning gives where it fails, and the run goes on. */
  readonly optional?: string;
}

export interface Call extends Where {
  /** As the user typed them, without tarwarden's own. */
  readonly args: readonly string[];
  /** The program as it will be started. */
  readonly program: string;
}

export interface Project extends Call {
  /** Its real folder, which may be written as a whole. */
  readonly root: string;
  /** Packages whose scripts may reach the network, by the user's own policy. */
  readonly networkPackages: readonly string[];
}

/** What confinement has to know of a client. All but the project's own files is the user's to say. */
export interface Client {
  /** Names under which its program may be on the PATH, where they are others than its own. */
  readonly programs?: readonly string[];
  /** Root of the project, which the client writes to. */
  root(call: Call): string;
  /** Caches and stores of the user's, by the user's own settings or by default. */
  folders(call: Call): readonly string[];
  /** Set where tarwarden itself runs the program, outside the walls: it must not be the project's. */
  readonly trusted?: true;
  /** Set where the guard runs in tarwarden's process alone: the client has none of its files to write. */
  readonly guardIsOutside?: true;
  /** Folders of this user's own in a place that all users share, which are written in every phase. */
  readonly locks?: () => readonly string[];
  /** Files of the user's without which the client does not run: they are not hidden from scripts. */
  readonly needs?: (call: Call) => readonly string[];
  /** Variables that a repository's settings do not overrule. */
  readonly env?: (project: Project, step: Pick<Step, 'phase' | 'network'>) => NodeJS.ProcessEnv;
  /** @throws ConfineError where the command is not known to be possible so. */
  steps(project: Project): Iterable<Step>;
}

/** What is given before `--`. */
function own(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** The values of all options of these names, `--name value` or `--name=value`, in their order. */
export function valuesOf(args: readonly string[], ...names: readonly string[]): string[] {
  return own(args).flatMap((arg, at, all) => {
    for (const name of names) {
      if (arg === name) return all[at + 1] ?? [];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
    }
    return [];
  });
}

/** The last of these values; undefined where there is none. */
export function valueOf(args: readonly string[], ...names: readonly string[]): string | undefined {
  return valuesOf(args, ...names).at(-1);
}

/** Whether an option is given before `--`. */
export function has(args: readonly string[], ...names: readonly string[]): boolean {
  return own(args).some((arg) => names.includes(arg));
}
