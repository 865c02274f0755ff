/* Asks the user on the terminal. Questions are on standard error, so that the output of the command stays a document. */
import { createInterface } from 'node:readline/promises';

export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/** Whether the answer is yes. Any other answer, and no answer, is no. */
export async function isAnsweredYes(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test(await answerTo(`${question} [y/N] `));
}

/** The answer without white space around it. Control-C and the end of the input count as an empty answer. */
export async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Without this, a question stays open forever if the input ends.
  const ended = new AbortController();
  terminal.once('close', () => ended.abort());
  try {
    return (await terminal.question(question, { signal: ended.signal })).trim();
  } catch {
    process.stderr.write('\n');
    return '';
  } finally {
    terminal.close();
  }
}
