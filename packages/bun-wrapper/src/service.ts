/* The socket on which the scanner, in bun's processes, asks the guard in this process. Only this user can connect to it. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { refusalExcerpt } from '@tarwarden/guard/kit';
import { isSameToken } from '@tarwarden/guard';
import type { BunGuard } from './bun-guard.ts';
import { parseScannerQuestion } from './question.ts';

/** The most bytes of a question, enough for some hundred thousand packages. */
const QUESTION_MAX = 64 * 1024 * 1024;

/** A question must arrive within this time. Milliseconds. */
const IDLE_MS = 30_000;

export class Service {
  readonly token: string = randomBytes(16).toString('hex');
  readonly #guard: BunGuard;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Questions about installs are answered one after the other, because the installs share caches. */
  #turn: Promise<void> = Promise.resolve();

  constructor(guard: BunGuard) {
    this.#guard = guard;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
  }

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    const pieces: Buffer[] = [];
    let length = 0;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length > QUESTION_MAX) return void socket.destroy();
      if (!piece.includes(0x0a)) return;
      socket.pause();
      socket.setTimeout(0);
      this.#turn = this.#turn.then(() => this.#answer(socket, Buffer.concat(pieces)));
    });
  }

  async #answer(socket: Socket, bytes: Buffer): Promise<void> {
    try {
      const line = bytes.toString('utf8', 0, bytes.indexOf(0x0a));
      const question = parseScannerQuestion(line, (text) => isSameToken(text, this.token));
      const refusals = await this.#guard.inspectAll(question);
      const advisories = refusals.map(({ refused }) => ({
        level: 'fatal',
        package: refused.subject,
        url: null,
        description: refusalExcerpt(refused).join('\n'),
      }));
      socket.end(JSON.stringify({ advisories }));
    } catch {
      // Without an answer, the scanner fails, and bun installs nothing.
      socket.destroy();
    }
  }
}
