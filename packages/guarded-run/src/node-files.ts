/*
 * Node takes some of its options from behind the name of the program, as if they were not the program's: those that name a file
 * of options for Node. Measured with 20.20, 22.23 and 24.21: of such a file NODE_OPTIONS counts, by which it can load code into
 * the process before anything else runs, and no other variable; where NODE_OPTIONS is in the environment, even empty, that counts
 * instead.
 */
import { readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { parseEnv } from 'node:util';

/** Up to the first `--`. The file is behind `=`, or the next argument. */
const ENV_FILE = /^--env-file(?:-if-exists)?(?:=(.*))?$/s;
/** Wherever they are. Node 24 writes the name of the file into what the program sees. */
const CONFIG_FILE = /^--experimental-(?:default-)?config-file(?:=|$)/;

/** An environment file with more is not read. */
const MAX_BYTES = 1024 * 1024;

/** Whether Node might read a file that is named in the arguments of a program. */
export function nameNodeFile(args: readonly string[]): boolean {
  return args.some((arg) => ENV_FILE.test(arg) || CONFIG_FILE.test(arg));
}

/** An argument whose file had its say in how this process runs. */
export interface NodeFile {
  readonly argument: string;
  /** Whether `--` before it keeps Node from reading the file. */
  readonly endsAtDashes: boolean;
}

/** The argument by which Node got options for this very process; undefined where there is none. */
export function obeyedNodeFile(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): NodeFile | undefined {
  if (env['NODE_OPTIONS'] !== undefined) return undefined;
  const config = args.find((arg) => CONFIG_FILE.test(arg));
  if (config !== undefined) return { argument: config, endsAtDashes: false };
  for (const [at, arg] of args.entries()) {
    if (arg === '--') return undefined;
    const match = ENV_FILE.exec(arg);
    if (match === null) continue;
    const file = match[1] ?? args[at + 1];
    if (file !== undefined && mayHoldOptions(file)) return { argument: arg, endsAtDashes: true };
  }
  return undefined;
}

/** What is not known counts as options: a pipe, which Node has emptied, or a file that is gone. */
function mayHoldOptions(file: string): boolean {
  if (file === devNull) return false;
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return true;
    return (parseEnv(readFileSync(file, 'utf8'))['NODE_OPTIONS'] ?? '') !== '';
  } catch (error) {
    // Node goes on without it only where it may be missing.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
