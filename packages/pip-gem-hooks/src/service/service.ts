/*
 * A server in the wrapper's process that inspects for guards in other languages. Only this user can connect to its socket, and each
 * question needs the token of this run. A question can only make the outcome of the run stricter. The exception is the "hello" of the
 * client that the wrapper started: it needs a nonce, which no program below that client has.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { makeTemporaryFolder, type StatusEvent } from '@tarwarden/guard/run';
import { PackageRefusal } from '@tarwarden/guard/kit';
import { ByteBudget, isSameToken, type Refused } from '@tarwarden/guard';
import type { ArchiveInspector, ArchiveInspectorOptions } from './archive-inspector.ts';
import {
  parseGuardQuestion,
  ProtocolError,
  SERVICE_ENVIRONMENT,
  type GuardAnswer,
  type NameQuestion,
  type GuardQuestion,
  type SourceQuestion,
  type StoppedPackage,
} from './protocol.ts';

/** The most connections that are served at a time. So many inspections keep this process busy. */
const SERVED_MAX = 64;

/** The most connections that wait for their turn, enough for a client with very many threads, and its children. */
const WAITING_MAX = 1024;

const IDLE_MS = 30_000;

/** The most bytes of a socket's path with its final zero: the smallest `sun_path` (macOS). */
const SOCKET_PATH_MAX = 104;

/** The most events, names and texts that are kept. */
const KEPT_MAX = 1000;

export interface ServiceOptions extends Omit<ArchiveInspectorOptions, 'onRefusal'> {
  /** Why a client of this version cannot be guarded; undefined if it can. */
  readonly refuseClient?: (client: string) => string | undefined;
  readonly platform?: NodeJS.Platform;
  readonly idleMs?: number;
}

/** An accepted archive, as the guard named it. */
export interface AcceptedArchive {
  readonly format: string;
  readonly fileName: string;
  readonly origin?: string;
}

export interface InspectionService {
  /** Variables with which the client's guard finds this service. */
  readonly env: Readonly<Record<string, string>>;
  readonly nonce: string;
  /** Events that guards reported, for the outcome of the run. */
  readonly events: readonly StatusEvent[];
  readonly inspected: number;
  readonly accepted: readonly AcceptedArchive[];
  /** Folders and repositories that the user chose. */
  readonly sources: readonly SourceQuestion[];
  readonly refusals: readonly Refused[];
  /** Notes on the policy for a person. Empty until the policy is read. */
  readonly warnings: readonly string[];
  close(): void;
}

/** @throws Error if no folder can hold a socket. */
export async function startInspectionService(options: ServiceOptions): Promise<InspectionService> {
  const service = new Service(options);
  await service.listen();
  return service;
}

class Service implements InspectionService {
  readonly nonce: string = randomBytes(16).toString('hex');
  readonly events: StatusEvent[] = [];
  readonly accepted: AcceptedArchive[] = [];
  readonly sources: SourceQuestion[] = [];
  readonly refusals: Refused[] = [];
  inspected = 0;
  warnings: readonly string[] = [];
  readonly #token = randomBytes(32).toString('hex');
  readonly #options: ServiceOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #address = '';
  #folder: string | undefined;
  #inspector: Promise<ArchiveInspector> | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    const turns = new ByteBudget(SERVED_MAX);
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (turns.waiting >= WAITING_MAX) socket.destroy();
      else void serveInTurn(turns, socket, () => this.#serve(socket));
    });
    // The client keeps the wrapper running; the server need not.
    this.#server.unref();
  }

  get env(): Readonly<Record<string, string>> {
    return {
      [SERVICE_ENVIRONMENT.address]: this.#address,
      [SERVICE_ENVIRONMENT.token]: this.#token,
      [SERVICE_ENVIRONMENT.nonce]: this.nonce,
    };
  }

  async listen(): Promise<void> {
    const { env, platform = process.platform } = this.#options;
    if (platform === 'win32') {
      // Python has no Unix sockets on Windows. This was never tested.
      await this.#listenOn({ host: '127.0.0.1', port: 0 });
      this.#address = `tcp:127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
      return;
    }
    const folder = makeTemporaryFolder({
      prefix: 'tarwarden-ipc-',
      env,
      pathBytesMax: SOCKET_PATH_MAX - '/socket\0'.length,
    });
    this.#folder = folder.path;
    const path = join(folder.path, 'socket');
    await this.#listenOn({ path });
    this.#address = `unix:${path}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listenOn(address: { path: string } | { host: string; port: number }): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  #serve(socket: Socket): void {
    serveLines(socket, {
      idleMs: this.#options.idleMs ?? IDLE_MS,
      answer: async (line) => {
        const answer = await this.#answerLine(line);
        return { text: `${JSON.stringify(answer)}\n`, last: answer.status === 'error' };
      },
    });
  }

  /** Never throws. If something fails, the answer is an error, and the guard lets nothing pass. */
  async #answerLine(line: string): Promise<GuardAnswer> {
    try {
      return await this.#answer(parseGuardQuestion(line, (text) => isSameToken(text, this.#token)));
    } catch (error) {
      const message =
        error instanceof ProtocolError
          ? error.message
          : `the inspection failed: ${error instanceof Error ? error.message : String(error)}`;
      return { status: 'error', message: `tarwarden: ${message}` };
    }
  }

  async #answer(question: GuardQuestion): Promise<GuardAnswer> {
    switch (question.ask) {
      case 'hello':
        return this.#welcome(question);
      case 'inspect':
        return this.#inspect(question);
      case 'source':
        return this.#source(question);
      case 'stopped':
        return this.#stop(question);
      case 'remembered':
        return {
          status: (await this.#inspectorOnce()).wasAccepted(question) ? 'accept' : 'unknown',
        };
      case 'name':
        return this.#name(question);
      case 'unsupported':
        this.#note({ event: 'unsupported', reason: question.reason });
        return { status: 'noted' };
    }
  }

  #welcome({ client, nonce }: GuardQuestion & { readonly ask: 'hello' }): GuardAnswer {
    const reason = this.#options.refuseClient?.(client);
    if (reason !== undefined) {
      this.#note({ event: 'unsupported', reason });
      return { status: 'refuse', message: reason };
    }
    if (nonce !== undefined && isSameToken(nonce, this.nonce))
      this.#note({ event: 'armed', nonce: this.nonce });
    // Load the inspector while the client starts. The answer to the first question reports its errors.
    this.#inspectorOnce().catch(() => undefined);
    return { status: 'welcome' };
  }

  async #inspect(question: GuardQuestion & { readonly ask: 'inspect' }): Promise<GuardAnswer> {
    this.inspected++;
    const inspector = await this.#inspectorOnce();
    const refusal = await refusalOf(async () => inspector.inspect(question));
    if (refusal !== undefined) return refusal;
    const { format, fileName, origin } = question;
    if (this.accepted.length < KEPT_MAX)
      this.accepted.push({ format, fileName, ...(origin !== undefined && { origin }) });
    return { status: 'accept' };
  }

  async #source(source: SourceQuestion): Promise<GuardAnswer> {
    const inspector = await this.#inspectorOnce();
    const refusal = await refusalOf(() => inspector.takeSource(source));
    if (refusal !== undefined) return refusal;
    if (this.sources.length < KEPT_MAX) this.sources.push(source);
    return { status: 'accept' };
  }

  async #name(question: NameQuestion): Promise<GuardAnswer> {
    const inspector = await this.#inspectorOnce();
    return (await refusalOf(() => inspector.takeName(question))) ?? { status: 'accept' };
  }

  async #stop(stopped: StoppedPackage): Promise<GuardAnswer> {
    const inspector = await this.#inspectorOnce();
    const refusal = await refusalOf(() => inspector.stop(stopped));
    return refusal ?? { status: 'error', message: 'tarwarden: the package was not stopped' };
  }

  async #inspectorOnce(): Promise<ArchiveInspector> {
    this.#inspector ??= this.#load();
    return this.#inspector;
  }

  async #load(): Promise<ArchiveInspector> {
    const { ArchiveInspector } = await import('./archive-inspector.ts');
    const { env, project } = this.#options;
    const inspector = new ArchiveInspector({
      env,
      ...(project !== undefined && { project }),
      onRefusal: (refused) => {
        if (this.refusals.length < KEPT_MAX) this.refusals.push(refused);
        this.#note({ event: 'blocked', subject: refused.subject });
      },
    });
    this.warnings = inspector.warnings;
    return inspector;
  }

  #note(event: StatusEvent): void {
    if (this.events.length < KEPT_MAX) this.events.push(event);
  }
}

/** The answer if `attempt` throws a refusal; undefined if it succeeds. */
async function refusalOf(attempt: () => unknown): Promise<GuardAnswer | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof PackageRefusal) return { status: 'refuse', message: error.message };
    throw error;
  }
}

/** Serves a socket when its turn comes. Its turn ends when it is closed. */
export async function serveInTurn(
  turns: ByteBudget,
  socket: Socket,
  serve: (socket: Socket) => void,
): Promise<void> {
  // A socket without a listener would end the process by its error, also while it waits.
  socket.on('error', () => socket.destroy());
  const turn = turns.share();
  try {
    await turn.take(1);
    if (socket.destroyed) return;
    const closed = new Promise((done) => socket.once('close', done));
    serve(socket);
    await closed;
  } finally {
    turn.release();
  }
}

/** Bytes of one line: a path and a URL of 4 KiB each, with escapes. */
const LINE_BYTES_MAX = 64 * 1024;

/** The most lines that wait for the answer to an earlier line. */
const LINES_WAITING_MAX = 16;

interface LineHandler {
  /** Must not reject. The connection ends with the last answer. */
  readonly answer: (line: string) => Promise<{ readonly text: string; readonly last: boolean }>;
  /** A line must arrive within this time. Milliseconds. */
  readonly idleMs: number;
}

/** Answers the lines of a connection, one after the other. Closes a connection that sends too much, or nothing for too long. */
function serveLines(socket: Socket, { answer, idleMs }: LineHandler): void {
  let pending: Buffer = Buffer.alloc(0);
  let lastAnswer: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function sendAnswer(line: string): Promise<void> {
    if (socket.destroyed) return;
    const result = await answer(line);
    waiting--;
    // The idle time starts after the answer, because an inspection may take long.
    socket.setTimeout(waiting === 0 ? idleMs : 0);
    if (socket.destroyed) return;
    if (result.last) socket.end(result.text);
    else socket.write(result.text);
  }

  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('data', (piece: Buffer) => {
    pending = Buffer.concat([pending, piece]);
    for (let end = pending.indexOf(0x0a); end >= 0; end = pending.indexOf(0x0a)) {
      const line = pending.toString('utf8', 0, end);
      pending = pending.subarray(end + 1);
      if (end > LINE_BYTES_MAX || ++waiting > LINES_WAITING_MAX) {
        socket.destroy();
        return;
      }
      socket.setTimeout(0);
      lastAnswer = lastAnswer.then(async () => sendAnswer(line));
    }
    if (pending.length > LINE_BYTES_MAX) socket.destroy();
  });
  socket.on('end', () => void lastAnswer.then(() => socket.end()));
}
