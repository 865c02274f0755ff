import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@tarwarden/guard/run';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { pathFrom, type RunContext } from '../paths.ts';

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

/** The names of commands. A client runs every other command in one step, with the network. */
export interface Commands {
  /** These commands install, and then run scripts. */
  readonly install: string;
  /** These commands only run scripts. */
  readonly scripts?: string;
  /** These commands run scripts between two downloads, or write to the folders of programs on the PATH. */
  readonly refused: string;
  /** Names of the other commands. Without this list, any name is one. */
  readonly others?: string;
}

/** The places where a user sets a value for a client. The first one with a value counts. Settings of the repository do not count. */
export interface UserSetting {
  readonly options?: readonly string[];
  /** In any case. */
  readonly variables?: readonly string[];
  /** The name of the setting in each of the user's files. */
  readonly files?: Readonly<Record<string, string>>;
  /** The value that the client has by itself. Undefined if it has none. */
  readonly usual?: string;
}

/** The facts about a client. Settings of the repository change none of them. */
export interface Client {
  /** Names of the client's program on the PATH, if they differ from the client's name. */
  readonly programs?: readonly string[];
  /** The root of the project. */
  root(call: ClientCall): string;
  /** The user's caches and stores. A function finds folders that only the client itself or the disk can show. */
  readonly folders?: readonly (UserSetting | ((call: ClientCall) => readonly string[]))[];
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
  /** Undefined for a client that runs everything in one step. */
  readonly commands?: Commands;
  /** The command, and its index. Without this function, it is the first argument. */
  readonly commandIn?: (args: readonly string[]) => readonly [name: string, at: number];
  /** @throws ConfineError if this command line cannot run confined. */
  readonly check?: (project: Project, at: number) => void;
  /** The steps of an install. */
  readonly install?: (project: Project, at: number) => Iterable<ClientStep>;
}

/** The user's folders of a client, to which it may write beside the project. */
export function foldersOf(client: Client, call: ClientCall): string[] {
  return (client.folders ?? []).flatMap((folder) =>
    typeof folder === 'function' ? folder(call) : (userFolder(folder, call) ?? []),
  );
}

export function userFolder(setting: UserSetting, call: ClientCall): string | undefined {
  const text = userText(setting, call);
  return text && pathFrom(expanded(text, call.env), call);
}

export function userText(
  { options = [], variables = [], files = {}, usual }: UserSetting,
  { args, env }: Pick<ClientCall, 'args' | 'env'>,
): string | undefined {
  const [inFiles] = Object.entries(files).flatMap(
    ([file, name]) => settingIn([expanded(file, env)], name, env) ?? [],
  );
  return (optionValue(args, ...options) || variableOf(env, ...variables)) ?? inFiles ?? usual;
}

/** Variables of the XDG specification, and the folders below the home folder that stand for them. */
const XDG: Readonly<Record<string, string>> = {
  $XDG_CACHE_HOME: '.cache',
  $XDG_CONFIG_HOME: '.config',
  $XDG_DATA_HOME: '.local/share',
  $XDG_STATE_HOME: '.local/state',
};

/** A path of the tables: it begins with `~` or with a variable of the XDG specification. The user can have npm's file elsewhere. */
export function expanded(path: string, env: NodeJS.ProcessEnv): string {
  const home = homeFolder(env);
  if (path === '~/.npmrc') return variableOf(env, 'npm_config_userconfig') ?? join(home, '.npmrc');
  const [first = '', ...names] = path.split('/');
  const below = first === '~' ? '' : XDG[first];
  if (below === undefined) return path;
  return join((below && env[first.slice(1)]) || join(home, below), ...names);
}

/** The first variable of these names, in any case, that is not empty. */
export function variableOf(
  env: NodeJS.ProcessEnv,
  ...names: readonly string[]
): string | undefined {
  const entries = Object.entries(env);
  return names
    .flatMap((name) => entries.filter(([other]) => other.toLowerCase() === name.toLowerCase()))
    .find(([, value]) => value)?.[1];
}

/**
 * The value of a setting on a line of its own, `name=value`, `name: value` or `name value`, in the first file that has one. This is no
 * reader of a client's settings: another spelling is not found, and the client then meets a wall.
 */
export function settingIn(
  files: readonly string[],
  name: string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const literal = name.replaceAll(/[^\w@:-]/g, '\\$&');
  const line = new RegExp(`^["']?${literal}["']?[^\\S\\n]*[:= ][^\\S\\n]*["']?([^"'\\n]+)`, 'm');
  const values = files.flatMap((file) => line.exec(fileText(file))?.[1] ?? []);
  const text = values[0]
    ?.replace(/\s+[#;].*$/, '')
    .trim()
    .replaceAll(/\$\{(\w+)\}/g, (written, variable: string) => env[variable] ?? written);
  return text?.includes('${') === true ? undefined : text;
}

/** Empty if the file cannot be read. */
export function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The arguments before `--`. */
function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

/** The values of all options of these names, in their order. An option is written `--name value` or `--name=value`. */
export function optionValues(args: readonly string[], ...names: readonly string[]): string[] {
  return ownArguments(args).flatMap((arg, at, ownArgs) => {
    for (const name of names) {
      if (arg === name) return ownArgs[at + 1] ?? [];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
    }
    return [];
  });
}

/** The last of these values, or undefined. */
export function optionValue(
  args: readonly string[],
  ...names: readonly string[]
): string | undefined {
  return optionValues(args, ...names).at(-1);
}

export function has(args: readonly string[], ...names: readonly string[]): boolean {
  return ownArguments(args).some((arg) => names.includes(arg));
}

/** Options of the user that hold for the second phase as well. */
export function carried(
  args: readonly string[],
  { withValue, flags }: { readonly withValue: string; readonly flags: string },
): string[] {
  return [
    ...withValue
      .split(' ')
      .flatMap((name) =>
        optionValues(args, name).flatMap((value) =>
          name.startsWith('--') ? [`${name}=${value}`] : [name, value],
        ),
      ),
    ...flags.split(' ').filter((name) => has(args, name)),
  ];
}

/** The arguments with options before `--`. */
export function withOptions(args: readonly string[], ...options: readonly string[]): string[] {
  const ownArgs = ownArguments(args);
  return [...ownArgs, ...options, ...args.slice(ownArgs.length)];
}
