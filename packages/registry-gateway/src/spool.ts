/* What waits for its verdict: in files, so that memory does not grow with what is downloaded. */
import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GatewayAnswer, Refusal } from './answers.ts';

/** Bytes of all files at once: those that are written, and those that clients still read. */
const HELD_MAX = 4 * 1024 * 1024 * 1024;

export interface Spooled {
  readonly path: string;
  readonly bytes: number;
  /** 128 lower-case hex digits. */
  readonly sha512: string;
  /** 64 of these, where it was asked for. */
  readonly sha256?: string;
}

export interface SpoolOptions {
  /** Of one file. */
  readonly bytesMax: number;
  /** Of all files at once. */
  readonly heldMax?: number | undefined;
  readonly parent?: string | undefined;
  /** Told of each change of the bytes that are held. */
  readonly onHeld?: (bytes: number) => void;
}

export interface TakeOptions {
  /** Bytes that are to come. */
  readonly announced?: number | undefined;
  readonly bytesMax?: number | undefined;
  /** Whether that digest is computed as well. */
  readonly sha256?: boolean;
}

interface Writing {
  readonly file: FileHandle;
  readonly written: { bytes: number };
  readonly bytesMax: number;
  readonly hashes: readonly Hash[];
}

export class Spool {
  readonly folder: string;
  readonly #options: SpoolOptions;
  #held = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    // 0700: nobody else reads or changes what is about to be served.
    this.folder = mkdtempSync(join(options.parent ?? tmpdir(), 'tarwarden-gateway-'));
  }

  /**
   * Writes what comes to a file.
   * @throws GatewayAnswer where it breaks off, is longer than allowed, or another length than announced.
   */
  async take(
    body: Readable,
    { announced, bytesMax = this.#options.bytesMax, sha256 = false }: TakeOptions = {},
  ): Promise<Spooled> {
    const path = join(this.folder, randomUUID());
    const written = { bytes: 0 };
    const hashes = [createHash('sha512'), ...(sha256 ? [createHash('sha256')] : [])];
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await this.#write(body, { file, written, bytesMax, hashes });
        if (announced !== undefined && announced !== written.bytes)
          throw new GatewayAnswer(502, `${written.bytes} of ${announced} bytes came`);
        const [sha512 = '', ...others] = hashes.map((hash) => hash.digest('hex'));
        const [other] = others;
        return { path, bytes: written.bytes, sha512, ...(other !== undefined && { sha256: other }) };
      } finally {
        await file.close();
      }
    } catch (cause) {
      // A client is told why: its connection is needed for that.
      if (!(body instanceof IncomingMessage)) body.destroy();
      await this.drop({ path, bytes: written.bytes });
      if (cause instanceof GatewayAnswer) throw cause;
      throw new GatewayAnswer(502, 'the download broke off, or could not be kept', { cause });
    }
  }

  async #write(body: Readable, { file, written, bytesMax, hashes }: Writing): Promise<void> {
    const { heldMax = HELD_MAX } = this.#options;
    const parts = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const part of parts) {
      written.bytes += part.length;
      this.#hold(part.length);
      if (written.bytes > bytesMax)
        throw new Refusal(`tarwarden: longer than ${bytesMax} bytes, and not inspected`);
      if (this.#held > heldMax)
        throw new GatewayAnswer(503, 'too many bytes wait for their verdict: try again later');
      for (const hash of hashes) hash.update(part);
      // Unlike `write`, this goes on until all is written.
      await file.writeFile(part);
    }
  }

  read({ path }: Spooled): Readable {
    return createReadStream(path);
  }

  /** Once for each that was taken. */
  async drop({ path, bytes }: Pick<Spooled, 'path' | 'bytes'>): Promise<void> {
    this.#hold(-bytes);
    await unlink(path).catch(() => undefined);
  }

  #hold(bytes: number): void {
    this.#held += bytes;
    this.#options.onHeld?.(this.#held);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
