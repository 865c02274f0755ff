/*
 * Downloads files over HTTP/1.1 connections that stay open, and reads only the simplest answer: a head, and a body of the announced
 * length. Every other answer is left to Node's client. Node's client makes streams, events and timers for each answer. Without them, a
 * large install needs a third of the processor time for its downloads.
 */
import type { Socket } from 'node:net';
import type { ByteShare } from './byte-budget.ts';
import { bodiesBudget } from './fetch-body.ts';

export interface PlainRequest {
  readonly url: URL;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  /** Milliseconds that may pass without a byte. */
  readonly idle: number;
  readonly bytesMax: number;
}

/** The body of a 200 answer, another status, or `unfit` for an answer that is left to Node's client. */
export type PlainAnswer = Buffer | number | 'unfit';

/** Options of a socket with which Node writes every piece to the same memory, and makes no stream of them. */
export interface OnRead {
  readonly buffer: Uint8Array;
  readonly callback: (size: number, memory: Uint8Array) => boolean;
}

const PIECE_BYTES = 64 * 1024;
const HEAD_BYTES_MAX = 16 * 1024;
const HEAD_END = '\r\n\r\n';

const HEADER = /^([!#$%&'*+.^`|~\w-]+):(.*)$/;
const LENGTH = /^[\t ]*\d{1,12}[\t ]*$/;
/** The bytes that a request may contain: no end of a line. */
const PRINTABLE = /^[\t\u0020-\u007E]*$/;

interface Exchange {
  readonly request: PlainRequest;
  readonly resolve: (answer: PlainAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The connections to one origin. */
export class PlainConnections {
  readonly #connect: (onread: OnRead) => Socket;
  readonly #connectionsMax: number;
  readonly #free: Connection[] = [];
  readonly #waiting: Exchange[] = [];
  #open = 0;

  constructor(connect: (onread: OnRead) => Socket, connectionsMax: number) {
    this.#connect = connect;
    this.#connectionsMax = connectionsMax;
  }

  /** @throws Error if the connection fails, ends early, or stalls. */
  get(request: PlainRequest): Promise<PlainAnswer> {
    if (!PRINTABLE.test(request.userAgent)) return Promise.resolve('unfit');
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#go();
    });
  }

  #go(): void {
    while (this.#waiting.length > 0) {
      const free = this.#free.pop();
      if (free === undefined && this.#open >= this.#connectionsMax) return;
      const exchange = this.#waiting.shift();
      if (exchange === undefined) return;
      try {
        (free ?? this.#begin()).send(exchange);
      } catch (error) {
        // For instance, a certificate of the settings cannot be read.
        exchange.reject(error as Error);
      }
    }
  }

  #begin(): Connection {
    const connection = new Connection(this.#connect, {
      free: (freed) => {
        this.#free.push(freed);
        this.#go();
      },
      closed: (closed) => {
        this.#open -= 1;
        const at = this.#free.indexOf(closed);
        if (at >= 0) this.#free.splice(at, 1);
        this.#go();
      },
      // The origin would answer the others in the same way.
      unfit: () => {
        for (const { resolve } of this.#waiting.splice(0)) resolve('unfit');
      },
    });
    this.#open += 1;
    return connection;
  }
}

interface Owner {
  free(connection: Connection): void;
  closed(connection: Connection): void;
  unfit(): void;
}

class Connection {
  readonly #owner: Owner;
  readonly #socket: Socket;
  #error: Error | undefined;
  #exchange: Exchange | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The first bytes of an answer, until its head is complete. */
  #head: Buffer = NOTHING;
  #share: ByteShare | undefined;
  #body: Buffer | undefined;
  #filled = 0;
  #closes = false;

  constructor(connect: (onread: OnRead) => Socket, owner: Owner) {
    this.#owner = owner;
    const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    const socket = connect({
      buffer,
      callback: (size) => this.#take(buffer.subarray(0, size)),
    });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', (error) => (this.#error = error));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#fail(this.#error ?? new Error('the connection was closed'));
      owner.closed(this);
    });
  }

  send(exchange: Exchange): void {
    const { url, userAgent, idle } = exchange.request;
    this.#exchange = exchange;
    this.#socket.ref();
    this.#timer = setTimeout(() => this.#late(), idle);
    this.#socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: */*\r\nUser-Agent: ${userAgent}\r\nConnection: keep-alive\r\n\r\n`,
      'latin1',
    );
  }

  #late(): void {
    // The body waits for room, so no byte can come.
    if (this.#share !== undefined && this.#body === undefined && !this.#isAborted())
      this.#timer?.refresh();
    else this.#fail(new Error('no byte came in time'));
  }

  /** Takes a piece of an answer, in memory that is used again. Returns whether the socket is read further. */
  #take(piece: Buffer): boolean {
    if (this.#exchange === undefined || this.#isAborted()) {
      this.#fail(new Error('aborted'));
      this.#socket.destroy();
      return false;
    }
    this.#timer?.refresh();
    return this.#body === undefined ? this.#takeHead(piece) : this.#fill(piece);
  }

  #isAborted(): boolean {
    return this.#exchange?.request.signal.aborted === true;
  }

  #takeHead(piece: Buffer): boolean {
    const bytes = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    const end = bytes.indexOf(HEAD_END, 0, 'latin1');
    if (end < 0) {
      if (bytes.length > HEAD_BYTES_MAX) return this.#answerOtherwise('unfit');
      this.#head = Buffer.from(bytes);
      return true;
    }
    this.#head = NOTHING;
    const head = readHead(bytes.toString('latin1', 0, end));
    if (head === undefined) return this.#answerOtherwise('unfit');
    if (head.status !== 200) return this.#answerOtherwise(head.status);
    const { length, closes } = head;
    if (length === undefined || length > this.#exchange!.request.bytesMax)
      return this.#answerOtherwise('unfit');
    this.#closes = closes;
    return this.#begin(length, bytes.subarray(end + HEAD_END.length));
  }

  /** Takes the first bytes of a body when there is room for all of it. */
  #begin(length: number, first: Buffer): boolean {
    const exchange = this.#exchange;
    this.#share = bodiesBudget.share();
    const room = this.#share.take(length);
    if (room === undefined) return this.#start(length, first);
    const held = Buffer.from(first);
    void room.then(() => {
      if (this.#exchange !== exchange) return;
      this.#timer?.refresh();
      if (this.#start(length, held)) this.#socket.resume();
    });
    return false;
  }

  #start(length: number, first: Buffer): boolean {
    try {
      this.#body = Buffer.allocUnsafeSlow(length);
    } catch (error) {
      // There is no memory. An error here would end the process.
      this.#fail(error as Error);
      return false;
    }
    return this.#fill(first);
  }

  #fill(piece: Buffer): boolean {
    const body = this.#body!;
    const taken = piece.copy(body, this.#filled);
    this.#filled += taken;
    if (this.#filled < body.length) return true;
    const stays = taken === piece.length && !this.#closes;
    this.#settle()?.resolve(body);
    if (!stays) this.#socket.destroy();
    else {
      // Like a free connection of Node's client, it does not keep the process alive.
      this.#socket.unref();
      this.#owner.free(this);
    }
    return stays;
  }

  #answerOtherwise(answer: number | 'unfit'): false {
    this.#settle()?.resolve(answer);
    if (answer === 'unfit') this.#owner.unfit();
    this.#socket.destroy();
    return false;
  }

  #fail(error: Error): void {
    const exchange = this.#settle();
    if (exchange === undefined) return;
    exchange.reject(error);
    this.#socket.destroy();
  }

  /** Ends the exchange, and returns it. */
  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    clearTimeout(this.#timer);
    this.#share?.release();
    this.#exchange = this.#timer = this.#share = this.#body = undefined;
    this.#head = NOTHING;
    this.#filled = 0;
    return exchange;
  }
}

const NOTHING = Buffer.alloc(0);

interface Head {
  readonly status: number;
  readonly length: number | undefined;
  readonly closes: boolean;
}

/** Reads the head of an answer. Undefined if a body of status 200 is encoded, or if clients might read the head in different ways. */
export function readHead(text: string): Head | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) return undefined;
  // The body of another status is not read.
  if (status !== 200) return { status, length: undefined, closes: true };
  let length: number | undefined;
  let closes = false;
  for (const line of lines) {
    const [, name, value = ''] = HEADER.exec(line) ?? [];
    switch (name?.toLowerCase()) {
      case undefined:
      case 'transfer-encoding':
      case 'content-encoding':
        return undefined;
      case 'content-length':
        if (length !== undefined || !LENGTH.test(value)) return undefined;
        length = Number(value);
        break;
      case 'connection':
        closes ||= value.trim().toLowerCase() !== 'keep-alive';
    }
  }
  return { status, length, closes };
}
