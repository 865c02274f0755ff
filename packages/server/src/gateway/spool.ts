/* Keeps archives that wait for their verdict: small ones in memory while there is room, others in files. */
import { createHash, hash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, utimes } from 'node:fs';
import { open, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { processName, sweep } from '@tarwarden/guard/run';
import { dropBody } from '@tarwarden/guard';
import { Shares } from '../serving/shares.ts';
import { GatewayAnswer, GatewayRefusal } from './answers.ts';
import { HeldBytes } from './held-bytes.ts';
import { requestClient } from './request-record.ts';

/** The most bytes at once: of archives that arrive, and of those that clients still read. */
const HELD_MAX = 6 * 1024 * 1024 * 1024;
/** The bytes that make an archive large. Large ones leave a quarter of the room to others. */
const LARGE = 64 * 1024 * 1024;
/** The most bytes of an archive in memory. Files cost more processor time than hashing, so only the few longer ones are in files. */
const SMALL_MAX = 1024 * 1024;
/** The most bytes of all archives in memory, half of them for one client. */
const MEMORY_MAX = 64 * 1024 * 1024;

/** Milliseconds for which an uploading client may send nothing, because its bytes take room from others. */
const SENT_NOTHING = 30_000;

const PREFIX = 'tarwarden-gateway-';
/** Milliseconds between updates of the folder's time. A folder without an update for a day counts as a dead gateway's. */
const TOUCHED = 60 * 60 * 1000;

export interface Spooled {
  /** The bytes, which must not be changed, or the path of their file. */
  readonly at: Buffer | string;
  readonly bytes: number;
  /** 128 lower-case hex digits. */
  readonly sha512: string;
  /** 64 lower-case hex digits, if requested. */
  readonly sha256?: string;
  /** The client whose part of the spool it uses. Only the spool changes it. */
  client?: string | undefined;
  /** Whether the cache had it. */
  readonly isCopy?: boolean;
}

export interface SpoolOptions {
  /** The most bytes of one archive. */
  readonly bytesMax: number;
  /** The most bytes at once. */
  readonly heldMax?: number | undefined;
  /** The bytes from which an archive is large. */
  readonly largeFrom?: number | undefined;
  /** The most bytes in memory. */
  readonly memoryMax?: number | undefined;
  readonly parent?: string | undefined;
  /** Called with the change of the number of bytes held. */
  readonly onHeld?: (change: number) => void;
}

export interface TakeOptions {
  /** The announced length. */
  readonly announced?: number | undefined;
  readonly bytesMax?: number | undefined;
  /** Whether to compute SHA-256 as well. */
  readonly sha256?: boolean;
  /** Whether to write even a small archive to a file. */
  readonly inFile?: boolean;
  /** The client that asks for it. Default: the client that sends it. Without a client, it is in nobody's part. */
  readonly client?: string | undefined;
  /** Makes the error for a body longer than `bytesMax`. */
  readonly tooLong?: () => GatewayAnswer;
}

/** The state of an archive that arrives. */
interface Taking {
  readonly options: TakeOptions;
  readonly client: string | undefined;
  bytes: number;
  held: HeldBytes | undefined;
  file: FileHandle | undefined;
  path: string | undefined;
  hashes: Hash[];
}

export class Spool {
  readonly folder: string;
  readonly #options: SpoolOptions;
  readonly #touched: NodeJS.Timeout;
  /** The bytes that each client has sent or asked for. */
  readonly #shares: Shares;
  readonly #inMemory: Shares;
  #held = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    const { parent = tmpdir(), heldMax = HELD_MAX, memoryMax = MEMORY_MAX } = options;
    this.#shares = new Shares(heldMax);
    this.#inMemory = new Shares(memoryMax);
    sweep(parent, PREFIX);
    // 0700: other users can neither read nor change the archives.
    this.folder = mkdtempSync(join(parent, `${PREFIX}${processName(process.pid)}-`));
    this.#touched = setInterval(() => this.#touch(), TOUCHED).unref();
  }

  /**
   * Keeps a body.
   * @throws GatewayAnswer if it breaks off, is too long, or differs from the announced length.
   */
  async take(body: Readable, options: TakeOptions = {}): Promise<Spooled> {
    const { announced, inFile = false } = options;
    const upload = body instanceof IncomingMessage ? body : undefined;
    const client = options.client ?? (upload && requestClient(upload));
    const small = !inFile && !(announced !== undefined && announced > SMALL_MAX);
    const taking: Taking = {
      options,
      client,
      bytes: 0,
      held: small ? this.#memory(client) : undefined,
      file: undefined,
      path: undefined,
      hashes: [],
    };
    upload?.setTimeout(SENT_NOTHING, () => upload.destroy());
    try {
      try {
        if (announced !== undefined && !(Number.isSafeInteger(announced) && announced >= 0))
          throw new GatewayAnswer(502, 'the length that is announced is not a number');
        const parts = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
        for await (const part of parts) await this.#add(part, taking);
        if (announced !== undefined && announced !== taking.bytes)
          throw new GatewayAnswer(502, `${taking.bytes} of ${announced} bytes came`);
        if (taking.held === undefined && taking.file === undefined) await this.#toFile(taking);
      } finally {
        upload?.setTimeout(0);
        await taking.file?.close();
      }
      return this.#spooled(taking);
    } catch (cause) {
      // An uploading client still needs its connection to read the reason.
      if (upload === undefined) dropBody(body);
      await this.#forget(taking);
      if (cause instanceof GatewayAnswer) throw cause;
      throw new GatewayAnswer(502, 'the download broke off, or could not be kept', { cause });
    }
  }

  /** Undefined if there is nothing to wait for. */
  #add(part: Buffer, taking: Taking): Promise<void> | undefined {
    const { heldMax = HELD_MAX, largeFrom = LARGE } = this.#options;
    const { bytesMax = this.#options.bytesMax, announced, tooLong } = taking.options;
    const { client } = taking;
    const isFair = client === undefined || this.#shares.fits(client, part.length, taking.bytes);
    taking.bytes += part.length;
    this.#hold(part.length, client);
    if (taking.bytes > bytesMax)
      throw (
        tooLong?.() ??
        new GatewayRefusal(`tarwarden: longer than ${bytesMax} bytes, and not inspected`)
      );
    if (!isFair || this.#held > (taking.bytes > largeFrom ? (heldMax / 4) * 3 : heldMax))
      throw new GatewayAnswer(503, 'too many bytes wait for their verdict: try again later');
    if (taking.held?.add(part, announced) === true) return undefined;
    return this.#write(part, taking);
  }

  async #write(part: Buffer, taking: Taking): Promise<void> {
    const file = taking.file ?? (await this.#toFile(taking));
    for (const hasher of taking.hashes) hasher.update(part);
    // Unlike `write`, this continues until all bytes are written.
    await file.writeFile(part);
  }

  /** Continues in a file. */
  async #toFile(taking: Taking): Promise<FileHandle> {
    taking.path = join(this.folder, randomUUID());
    taking.file = await open(taking.path, 'wx', 0o600);
    const { sha256 = false } = taking.options;
    taking.hashes = [createHash('sha512'), ...(sha256 ? [createHash('sha256')] : [])];
    const { held } = taking;
    if (held === undefined) return taking.file;
    const { content } = held;
    for (const hasher of taking.hashes) hasher.update(content);
    await taking.file.writeFile(content);
    this.#inMemory.add(taking.client ?? '', -held.capacity);
    taking.held = undefined;
    return taking.file;
  }

  #spooled({ held, path, bytes, client, hashes, options: { sha256 = false } }: Taking): Spooled {
    if (held === undefined) {
      const [sha512, other] = hashes.map((hasher) => hasher.digest('hex'));
      return { at: path!, bytes, client, sha512: sha512!, ...(sha256 && { sha256: other! }) };
    }
    const at = held.content;
    const sha512 = hash('sha512', at);
    return { at, bytes, client, sha512, ...(sha256 && { sha256: hash('sha256', at) }) };
  }

  read({ at }: Spooled): Readable {
    return typeof at === 'string' ? createReadStream(at) : Readable.from([at]);
  }

  async whole({ at }: Spooled): Promise<Buffer> {
    return typeof at === 'string' ? readFile(at) : at;
  }

  /** Counts an archive in the part of another client from now on. */
  move(spooled: Spooled, client: string | undefined): void {
    const { at, bytes, client: before } = spooled;
    if (client === before) return;
    if (before !== undefined) this.#shares.add(before, -bytes);
    if (client !== undefined) this.#shares.add(client, bytes);
    if (typeof at !== 'string') {
      this.#inMemory.add(before ?? '', -at.buffer.byteLength);
      this.#inMemory.add(client ?? '', at.buffer.byteLength);
    }
    spooled.client = client;
  }

  /** Call once for each archive that was taken. */
  async drop({ at, bytes, client }: Pick<Spooled, 'at' | 'bytes' | 'client'>): Promise<void> {
    this.#hold(-bytes, client);
    if (typeof at !== 'string') this.#inMemory.add(client ?? '', -at.buffer.byteLength);
    else await unlink(at).catch(() => undefined);
  }

  async #forget({ held, path, bytes, client }: Taking): Promise<void> {
    this.#hold(-bytes, client);
    if (held !== undefined) this.#inMemory.add(client ?? '', -held.capacity);
    if (path !== undefined) await unlink(path).catch(() => undefined);
  }

  #memory(client = ''): HeldBytes {
    return new HeldBytes(SMALL_MAX, (bytes) => {
      if (!this.#inMemory.fits(client, bytes)) return false;
      this.#inMemory.add(client, bytes);
      return true;
    });
  }

  #hold(bytes: number, client: string | undefined): void {
    this.#held += bytes;
    if (client !== undefined) this.#shares.add(client, bytes);
    this.#options.onHeld?.(bytes);
  }

  #touch(): void {
    const now = new Date();
    // If the folder is gone, the next write of a file reports it.
    utimes(this.folder, now, now, () => undefined);
  }

  close(): void {
    clearInterval(this.#touched);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
