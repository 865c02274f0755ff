import { appendFileSync } from 'node:fs';

/**
 * What a guard inside a package manager says to the wrapper that started the manager: one JSON line for each event, in a
 * file that the wrapper made. Install scripts run as the same user and can write there too, so the wrapper must let a
 * line only make the outcome stricter, but for the one that shows the nonce of its run.
 */
export function reportStatus(file: string | undefined, event: object): void {
  if (file === undefined || file === '') return;
  try {
    appendFileSync(file, `${JSON.stringify(event)}\n`);
  } catch {
    // The wrapper takes a missing line as "unchecked", so nothing is lost by going on.
  }
}

/** Takes a variable out of the environment, so that no child process inherits it. Empty where it is not set. */
export function takeVariable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name] ?? '';
  delete env[name];
  return value;
}
