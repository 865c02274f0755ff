import { once } from 'node:events';

/** Exit code when nobody reads the output any more; a scan raises it to 1 once something is rejected. */
let codeAtBrokenPipe = 2;

/** A reader that went away (`… | head`) ends the program without a stack trace. */
export function guardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(codeAtBrokenPipe);
    throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // A closed pipe for messages changes nothing: the report and the exit code still count.
    if (error.code !== 'EPIPE') throw error;
  });
}

/** From now on a broken pipe ends in exit code 1: a rejected archive is never hidden. */
export function rememberRejection(): void {
  codeAtBrokenPipe = 1;
}

/** Writes to standard output, no faster than it is read. */
export async function write(text: string): Promise<void> {
  if (text === '') return;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** A line for a person, beside the report. */
export function tell(text: string): void {
  process.stderr.write(`tarwarden: ${text}\n`);
}
