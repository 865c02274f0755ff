import { rmSync, writeFileSync } from 'node:fs';
import { Duplex, Writable, type Readable } from 'node:stream';

/** Holds all bytes until they are accepted, and then passes on the same bytes. */
export interface TarGateOptions {
  readonly bytesMax: number;
  /** Called if there are more bytes. Does not return. */
  readonly tooLarge: () => never;
}

class Held {
  readonly #options: TarGateOptions;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(options: TarGateOptions) {
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

export interface DuplexGateOptions extends TarGateOptions {
  /** Called with all bytes at the end. Returns the stream to read from. An error makes this stream fail. */
  readonly open: (bytes: Buffer) => Promise<Readable>;
}

/** A stream that takes a tarball and returns its tar. */
export class DuplexGate extends Duplex {
  /** Files to write the bytes to after they are accepted. */
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

export interface WritableGateOptions extends TarGateOptions {
  /** Called with all bytes at the end. Returns the stream that unpacks them. */
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

/** Calls a stream's callback outside of the promise, which would swallow its error. */
function settle(done: Promise<void>, callback: (error?: Error) => void): void {
  done.then(
    () => setImmediate(callback),
    (error: unknown) => setImmediate(callback, error as Error),
  );
}

/** Writes a new file. If there is a link in its place, replaces the link and does not follow it. */
export function writeAnew(file: string, bytes: Buffer): void {
  rmSync(file, { force: true });
  writeFileSync(file, bytes, { flag: 'wx' });
}
