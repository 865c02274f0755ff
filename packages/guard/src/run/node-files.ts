/*
 * Node obeys some options even after the name of the program: they name a file of options for Node. Tests with 20.20, 22.23 and 24.21
 * show that Node takes only NODE_OPTIONS from such a file. It can load code into the process before anything else runs. If NODE_OPTIONS
 * is in the environment, even empty, Node ignores the one in the file.
 */
import { readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { parseEnv } from 'node:util';
import { isPassedOn, type Described } from '@tarwarden/guard/command-line/definition';
import { EXIT, fail } from './exit-codes.ts';

/** Node obeys this option before the first `--`. The file comes after `=`, or is the next argument. */
const ENV_FILE = /^--env-file(?:-if-exists)?(?:=(.*))?$/s;
/** Node obeys this option anywhere. Node 24 also passes the name of the file to the program. */
const CONFIG_FILE = /^--experimental-(?:default-)?config-file(?:=|$)/;

/** A longer environment file is not read. */
const MAX_BYTES = 1024 * 1024;

/** Whether Node might read a file that is named in the arguments of a program. */
export function nameNodeFile(args: readonly string[]): boolean {
  return args.some((arg) => ENV_FILE.test(arg) || CONFIG_FILE.test(arg));
}

/** An argument that names a file with options for this process. */
export interface NodeFile {
  readonly argument: string;
  /** Whether `--` before it keeps Node from reading the file. */
  readonly endsAtDashes: boolean;
}

/** The argument from which Node took options for this process. Undefined if there is none. */
export function obeyedNodeFile(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): NodeFile | undefined {
  if (env['NODE_OPTIONS'] !== undefined) return undefined;
  const config = args.find((arg) => CONFIG_FILE.test(arg));
  if (config !== undefined) return { argument: config, endsAtDashes: false };
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return undefined;
    const match = ENV_FILE.exec(arg);
    if (match === null) continue;
    const file = match[1] ?? args[index + 1];
    if (file !== undefined && mayHoldOptions(file)) return { argument: arg, endsAtDashes: true };
  }
  return undefined;
}

/** A file that cannot be read counts as one with options: a pipe, which Node has emptied, or a file that is gone. */
function mayHoldOptions(file: string): boolean {
  if (file === devNull) return false;
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return true;
    return (parseEnv(readFileSync(file, 'utf8'))['NODE_OPTIONS'] ?? '') !== '';
  } catch (error) {
    // Node continues without the file only if it does not exist.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/**
 * The exit code if Node has read options for this process from a file that an argument names, such as `--env-file` of bun. The author
 * of that file could change the guard. It is too late to stop Node, so this ends the run.
 */
export function refuseNodeFile(command: Described, args: readonly string[]): number | undefined {
  const nodeFile = obeyedNodeFile(args, process.env);
  if (nodeFile === undefined) return undefined;
  const typed = `${command.program ?? 'tarwarden'} ${command.name}`;
  const client = isPassedOn(command);
  const remedy =
    client && nodeFile.endsAtDashes
      ? `put "--" before what is for ${command.name}: ${typed} -- …`
      : `set NODE_OPTIONS, if only to nothing: NODE_OPTIONS= ${typed} …`;
  return fail(
    client ? EXIT.UNSUPPORTED : 2,
    `${command.name} was not run: Node itself reads the file of ${nodeFile.argument.replace(/=.*/s, '')}, and it has, or may have, options for Node (NODE_OPTIONS), which Node obeyed in this process; ${remedy}`,
  );
}
