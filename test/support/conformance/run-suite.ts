/** Starts the runner of a suite that was written to a folder. */
import { execute } from '../execute.ts';

export interface SuiteResult {
  readonly id: string;
  readonly format: string;
  readonly class: string;
  readonly outcome: string;
  readonly detail?: string;
}

export interface SuiteReport {
  readonly version: string;
  readonly archives: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly classes: readonly Readonly<Record<string, string | number>>[];
  readonly results: readonly SuiteResult[];
}

/** Milliseconds for a whole run. */
const TIMEOUT = 900_000;

export async function runSuite(
  folder: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return execute(process.execPath, ['run.mjs', ...args], {
    cwd: folder,
    // The names of files in archives are UTF-8.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    timeout: TIMEOUT,
  });
}

export async function reportOf(folder: string, args: readonly string[]): Promise<SuiteReport> {
  const { stdout, stderr } = await runSuite(folder, ['--json', ...args]);
  if (!stdout.startsWith('{')) throw new Error(`the runner printed no report: ${stderr}`);
  return JSON.parse(stdout) as SuiteReport;
}
