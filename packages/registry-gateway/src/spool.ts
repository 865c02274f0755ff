/* Tarballs that wait for their verdict: in files, so that memory does not grow with what is downloaded. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { GatewayAnswer } from './answers.ts';

export interface Spooled {
  readonly path: string;
  readonly bytes: number;
  /** 128 lower-case hex digits. */
  readonly sha512: string;
}

export class Spool {
  readonly folder: string;
  readonly #bytesMax: number;

  /** @param bytesMax Of one tarball. */
  constructor(bytesMax: number, parent: string = tmpdir()) {
    this.#bytesMax = bytesMax;
    // 0700: nobody else reads or changes what is about to be served.
    this.folder = mkdtempSync(join(parent, 'tarwarden-gateway-'));
  }

  /**
   * Writes a download to a file.
   * @throws GatewayAnswer where it breaks off, is longer than allowed, or another length than announced.
   */
  async take(body: Readable, announced: number | undefined): Promise<Spooled> {
    const path = join(this.folder, randomUUID());
    const file = await open(path, 'wx', 0o600);
    const hash = createHash('sha512');
    let bytes = 0;
    try {
      for await (const part of body as AsyncIterable<Buffer>) {
        bytes += part.length;
        if (bytes > this.#bytesMax)
          throw new GatewayAnswer(
            403,
            `it is longer than ${this.#bytesMax} bytes, and is not inspected`,
          );
        hash.update(part);
        await file.write(part);
      }
      if (announced !== undefined && announced !== bytes)
        throw new GatewayAnswer(502, `the registry sent ${bytes} of ${announced} bytes`);
      return { path, bytes, sha512: hash.digest('hex') };
    } catch (cause) {
      body.destroy();
      await unlink(path).catch(() => undefined);
      if (cause instanceof GatewayAnswer) throw cause;
      throw new GatewayAnswer(502, 'the download from the registry broke off', { cause });
    } finally {
      await file.close();
    }
  }

  read({ path }: Spooled): Readable {
    return createReadStream(path);
  }

  async drop({ path }: Spooled): Promise<void> {
    await unlink(path).catch(() => undefined);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
