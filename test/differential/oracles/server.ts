/** A program that stays and answers with lines, since starting it costs more than what it does. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Server {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args);
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends parts, each after the lengths of all, and reads the answer. */
  async ask(...parts: readonly Buffer[]): Promise<unknown> {
    const head = Buffer.alloc(4 * parts.length);
    parts.forEach((part, at) => head.writeUInt32BE(part.length, 4 * at));
    this.#child.stdin.write(Buffer.concat([head, ...parts]));
    const line = await this.#lines.next();
    return JSON.parse(String(line.value));
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
