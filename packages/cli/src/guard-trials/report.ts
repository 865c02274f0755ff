import { escapedJson, printable, type Style } from '@tarwarden/core/text';
import { policyFilesInForce, type PolicyFileInForce } from '@tarwarden/guard';
import { styleFor } from '../colour.ts';
import { isQuietRun, write, writeResult } from '@tarwarden/guard/command-line';
import { policyFileText, policyIn } from '../working-folder.ts';
import { MANAGERS, type Manager } from './managers.ts';
import type { Status } from './verdict.ts';
import { verifyGuards, type Verified } from './verify.ts';

/** Version of the JSON document's shape. */
const SCHEMA = 1;

/** The last lines of a manager's output that are shown, and the characters of each. */
const SHOWN_LINES = 12;
const SHOWN_CHARS = 400;

const LABELS: Readonly<Record<Status, string>> = {
  guarded: 'guarded  ',
  unguarded: 'UNGUARDED',
  unproven: 'unproven ',
};

export interface VerifyThese {
  readonly managers: readonly Manager[];
  readonly cwd: string;
  readonly color: boolean | undefined;
  readonly json: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Prints the results; to standard output unless given. */
  readonly print?: typeof writeResult;
}

/** Tries these managers as they would be typed in a folder, prints the results, and returns the exit code. */
export async function verifyThese(options: VerifyThese): Promise<number> {
  const { managers, cwd, env = process.env, print = writeResult } = options;
  if (managers.length === 0) {
    process.stderr.write(`tarwarden: there is none of ${MANAGERS.join(', ')} on the PATH\n`);
    return 2;
  }
  const results = await triedManagers(managers, cwd, env);
  const style = styleFor(options.color, process.stdout);
  const policyFiles = policyFilesInForce({ cwd, env: process.env });
  if (options.json) await write(json(results, policyFiles));
  else {
    for (const result of results)
      await print(resultText(result, { style, width: nameWidth(results) }), {
        isInOrder: result.status === 'guarded',
      });
    for (const file of policyFiles) await print(policyFileText(file), { isInOrder: true });
  }
  return verifyExitCode(results);
}

/** The results of managers, under the policy of the folder. A terminal shows which one is tried. */
export async function triedManagers(
  managers: readonly Manager[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Verified[]> {
  const progress = (line: string): void => {
    if (process.stderr.isTTY && !isQuietRun()) process.stderr.write(`\r\u001B[K${line}`);
  };
  const onStart = (manager: Manager): void => progress(`verifying ${manager} …`);
  const { policy } = policyIn(cwd);
  const results = await verifyGuards({ managers, cwd, env, policy, onStart });
  progress('');
  return results;
}

export function verifyExitCode(results: readonly Verified[]): number {
  if (results.some(({ status }) => status === 'unguarded')) return 1;
  return results.every(({ status }) => status === 'guarded') ? 0 : 2;
}

function json(results: readonly Verified[], policyFiles: readonly PolicyFileInForce[]): string {
  const entries = results.map(({ manager, status, reason, program, message, remedy, output }) => ({
    manager,
    status,
    reason,
    program: program ?? null,
    message,
    remedy: remedy ?? null,
    output: output === undefined ? null : lastLines(output).join('\n'),
  }));
  const ok = verifyExitCode(results) === 0;
  return `${escapedJson({ schema: SCHEMA, ok, results: entries, policyFiles })}\n`;
}

export function resultsText(results: readonly Verified[], style: Style): string {
  const width = nameWidth(results);
  return results.map((result) => resultText(result, { style, width })).join('');
}

function nameWidth(results: readonly Verified[]): number {
  return Math.max(4, ...results.map(({ manager }) => manager.length));
}

function resultText(result: Verified, { style, width }: { style: Style; width: number }): string {
  const { manager, status, program, message, remedy, output } = result;
  const paint =
    status === 'guarded' ? style.bold : status === 'unguarded' ? style.red : style.yellow;
  const name = style.bold(manager.padEnd(width));
  const lines = [`${paint(LABELS[status])} ${name}  ${printable(program ?? '-', SHOWN_CHARS)}`];
  if (status === 'guarded') return `${lines.join('\n')}\n`;
  lines.push(`          ${message}`);
  if (remedy !== undefined) lines.push(`          what to do: ${remedy}`);
  // The output of a successful install does not help.
  if (status === 'unproven' && output !== undefined)
    lines.push(...lastLines(output).map((line) => style.dim(`          | ${line}`)));
  return `${lines.join('\n')}\n`;
}

function lastLines(output: string): string[] {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-SHOWN_LINES).map((line) => printable(line, SHOWN_CHARS));
}
