/* Asks the user on the terminal. Questions are on standard error, so that the output of the command stays a document. */
import { createInterface } from 'node:readline/promises';

/** Whether somebody can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/** Whether the answer is yes. Any other answer, and no answer, is no. */
export async function isAnsweredYes(question: string): Promise<boolean> {
  return /^y(?:es)?$/i.test(await answerTo(`${question} [y/N] `));
}

/** The answer without white space around it. Empty if there is none. */
export async function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
