import { rmSync, writeFileSync } from 'node:fs';
import { Duplex, Writable, type Readable } from 'node:stream';

/** Where all bytes are held until they are accepted. What comes out is made of these very bytes. */
export interface GateOptions {
  readonly bytesMax: number;
  /** There are more. Does not return. */
  readonly tooLarge: () => never;
}

class Held {
  readonly #options: GateOptions;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  add(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#options.bytesMax) this.#options.tooLarge();
    this.#chunks.push(chunk);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [];
    return bytes;
  }
}

export interface DuplexGateOptions extends GateOptions {
  /** Called with all bytes, in the end; gives what is to come out. What it throws is an error of the stream. */
  readonly open: (bytes: Buffer) => Promise<Readable>;
}

/** Takes a tarball, and gives what it unpacks to. */
export class DuplexGate extends Duplex {
  /** Files that are to hold the bytes once they are accepted. */
  readonly files: string[] = [];
  readonly #held: Held;
  readonly #open: DuplexGateOptions['open'];
  #source: Readable | undefined;

  constructor(options: DuplexGateOptions) {
    super();
    this.#held = new Held(options);
    this.#open = options.open;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#held.add(chunk);
    callback();
  }

  override _final(callback: (error?: Error) => void): void {
    settle(this.#start(), callback);
  }

  async #start(): Promise<void> {
    const source = await this.#open(this.#held.take());
    this.#source = source;
    source.on('data', (piece: Buffer) => {
      if (!this.push(piece)) source.pause();
    });
    source.on('end', () => this.push(null));
    source.on('error', (error) => this.destroy(error));
  }

  override _read(): void {
    this.#source?.resume();
  }
}

export interface WritableGateOptions extends GateOptions {
  /** Called with all bytes, in the end; gives what they are to go to. */
  readonly open: (bytes: Buffer) => Promise<NodeJS.WritableStream>;
}

/** Takes a tar, and ends when it is unpacked. */
export class WritableGate extends Writable {
  readonly #held: Held;
  readonly #open: WritableGateOptions['open'];

  constructor(options: WritableGateOptions) {
    super();
    this.#held = new Held(options);
    this.#open = options.open;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#held.add(chunk);
    callback();
  }

  override _final(callback: (error?: Error) => void): void {
    settle(this.#unpack(), callback);
  }

  async #unpack(): Promise<void> {
    const bytes = this.#held.take();
    const target = await this.#open(bytes);
    await new Promise<void>((resolve, reject) => {
      target.on('finish', () => resolve());
      target.on('error', reject);
      target.end(bytes);
    });
  }
}

/** A stream's callback is not to be called from a promise, where what it throws would be lost. */
function settle(done: Promise<void>, callback: (error?: Error) => void): void {
  done.then(
    () => setImmediate(callback),
    (error: unknown) => setImmediate(callback, error as Error),
  );
}

/** A link in the place of a file is replaced, not followed. */
export function writeAnew(file: string, bytes: Buffer): void {
  rmSync(file, { force: true });
  writeFileSync(file, bytes, { flag: 'wx' });
}
