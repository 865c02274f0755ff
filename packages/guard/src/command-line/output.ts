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

/** The text that `--quiet` holds back until something is refused or fails. Undefined if nothing is held back. */
let heldTexts: string[] | undefined;
let quiet = false;

/**
 * Begins a run with `--quiet`.
 * @param holdsReport Whether standard output is a report for people, which a run without refusals and errors does not print.
 */
export function beQuiet({ holdsReport }: { readonly holdsReport: boolean }): void {
  quiet = true;
  if (holdsReport) heldTexts = [];
}

/** Whether to leave out the progress. */
export function isQuietRun(): boolean {
  return quiet;
}

/** Prints what `--quiet` has held back, unless the exit code says that everything is in order. */
export async function endOutput(code: number): Promise<void> {
  if (code !== 0) await showHeld();
  heldTexts = undefined;
}

/** From now on a broken pipe ends in exit code 1, and `--quiet` holds nothing back: a rejected archive is never hidden. */
export function rememberRejection(): void {
  codeAtBrokenPipe = 1;
}

/** From now on `--quiet` holds nothing back: something was accepted that was not inspected. */
export async function showHeld(): Promise<void> {
  const text = heldTexts?.join('') ?? '';
  heldTexts = undefined;
  await write(text);
}

/** Writes to standard output, no faster than it is read. */
export async function write(text: string): Promise<void> {
  if (heldTexts !== undefined && codeAtBrokenPipe !== 1) {
    heldTexts.push(text);
    return;
  }
  const output = `${heldTexts?.splice(0).join('') ?? ''}${text}`;
  if (output === '') return;
  if (!process.stdout.write(output)) await once(process.stdout, 'drain');
}

/** Writes what a report says about one thing. With `--quiet`, a report for people leaves out the things that are in order. */
export async function writeResult(
  text: string,
  { isInOrder }: { readonly isInOrder: boolean },
): Promise<void> {
  if (heldTexts === undefined || !isInOrder) await write(text);
}

/** A line for a person, beside the report: an error or a warning. */
export function tell(text: string): void {
  process.stderr.write(`tarwarden: ${text}\n`);
}

/** A line for a person that `--quiet` leaves out, because nothing is wrong. */
export function remark(text: string): void {
  if (!quiet) tell(text);
}
