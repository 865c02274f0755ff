/* Fetches archives and has them inspected: short ones in memory, long ones in files, so that downloads do not use up the memory. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open, realpath, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Policy, Verdict } from '@tarwarden/core';
import {
  dropBody,
  fileHasIntegrity,
  hasIntegrity,
  isWithin,
  sha512Of,
  type InspectionPool,
} from '@tarwarden/host';
import { SweepFailure } from './failure.ts';
import type { SweptRegistry } from './upstream.ts';
import type { SweptArchive } from './wanted.ts';

export type SweepThreads = Pick<InspectionPool, 'inspect' | 'inspectFile'>;

export interface ArchivesOptions {
  /** Undefined without a registry. */
  readonly upstream: SweptRegistry | undefined;
  /** The only folder from which files may be read. Its path contains no links. */
  readonly folder: string | undefined;
  readonly threads: SweepThreads;
}

/** The most bytes of a download in memory. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;
/** The guards' limit. */
const ARCHIVE_BYTES_MAX = 512 * 1024 * 1024;
/** Milliseconds for one download. */
const TIME_LIMIT = 600_000;

export class SweptArchives {
  readonly #options: ArchivesOptions;
  readonly #spool: string;

  constructor(options: ArchivesOptions) {
    this.#options = options;
    // 0700: other users cannot change the archives.
    this.#spool = mkdtempSync(join(tmpdir(), 'tarwarden-sweep-'));
  }

  close(): void {
    rmSync(this.#spool, { recursive: true, force: true });
  }

  /** @throws SweepFailure, or the error of the thread or the disk. */
  async inspect(wanted: SweptArchive, policy: Policy): Promise<Verdict> {
    if ('file' in wanted.at) {
      const path = await this.#ownFile(wanted.at.file);
      return this.#inspectFile(path, { wanted, policy });
    }
    const { upstream } = this.#options;
    if (upstream === undefined) throw new SweepFailure('no registry is named', true);
    const { body, announced } = await upstream.tarball(wanted.at.address);
    const path = join(this.#spool, randomUUID());
    const timer = setTimeout(() => body.destroy(new Error('it took too long')), TIME_LIMIT);
    try {
      const bytes = await download(body, { announced, path });
      if (bytes === undefined) return await this.#inspectFile(path, { wanted, policy });
      const verdict = await this.#options.threads.inspect(bytes, asked(wanted, policy));
      check(verdict, wanted, () => hasIntegrity(bytes, wanted.integrity!));
      return verdict;
    } finally {
      clearTimeout(timer);
      await unlink(path).catch(() => undefined);
    }
  }

  /** SHA-512 of a file's bytes, hex. */
  async digest(file: string): Promise<string> {
    const hash = createHash('sha512');
    for await (const part of createReadStream(await this.#ownFile(file)))
      hash.update(part as Buffer);
    return hash.digest('hex');
  }

  async #inspectFile(
    path: string,
    { wanted, policy }: { readonly wanted: SweptArchive; readonly policy: Policy },
  ): Promise<Verdict> {
    if ((await stat(path)).size > ARCHIVE_BYTES_MAX) throw tooLong();
    const verdict = await this.#options.threads.inspectFile(path, asked(wanted, policy));
    const { integrity } = wanted;
    if (integrity !== undefined && sha512Of(integrity) === undefined) {
      const isRight = await fileHasIntegrity(path, integrity);
      check(verdict, wanted, () => isRight);
    } else check(verdict, wanted, () => false);
    return verdict;
  }

  /** The task names the file, so it must be inside the folder that this worker was given. */
  async #ownFile(file: string): Promise<string> {
    const { folder } = this.#options;
    if (folder === undefined) throw new SweepFailure('this worker was given no folder', true);
    const path = await realpath(join(folder, file)).catch((cause: unknown) => {
      throw new SweepFailure('the file is not there', true, { kind: 'file', cause });
    });
    const inside = isWithin(await realpath(folder), path);
    if (!inside || !(await stat(path)).isFile())
      throw new SweepFailure('it is not a file of the folder', true, { kind: 'file' });
    return path;
  }
}

type Asked = {
  readonly policy: Policy;
  readonly expected?: NonNullable<SweptArchive['expected']>;
};

function asked({ expected }: SweptArchive, policy: Policy): Asked {
  return { policy, ...(expected && { expected }) };
}

/** @throws SweepFailure if the archive is not the one that the registry names. */
function check(verdict: Verdict, { integrity, at }: SweptArchive, hasHash: () => boolean): void {
  if (integrity === undefined) return;
  const sha512 = sha512Of(integrity);
  const isRight = sha512 === undefined ? hasHash() : sha512 === verdict.archive.sha512;
  // The download may have been cut or changed on its way, so it is retried.
  if (!isRight)
    throw new SweepFailure('it is not what its integrity says', 'file' in at, {
      kind: 'integrity',
    });
}

function tooLong(): SweepFailure {
  return new SweepFailure(`it is longer than ${ARCHIVE_BYTES_MAX} bytes`, true, {
    kind: 'too-long',
  });
}

/** Undefined if the bytes are in the file. */
async function download(
  body: Readable,
  { announced, path }: { readonly announced: number | undefined; readonly path: string },
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > ARCHIVE_BYTES_MAX) throw tooLong();
      parts.push(part);
      if (bytes <= IN_MEMORY_BYTES) continue;
      file ??= await open(path, 'wx', 0o600);
      await file.writeFile(Buffer.concat(parts.splice(0)));
    }
  } catch (cause) {
    if (cause instanceof SweepFailure) throw cause;
    throw new SweepFailure('the download broke off', false, { kind: 'broken-off', cause });
  } finally {
    dropBody(body);
    await file?.close();
  }
  if (announced !== undefined && announced !== bytes)
    throw new SweepFailure('the download broke off', false, { kind: 'broken-off' });
  return file === undefined ? Buffer.concat(parts) : undefined;
}
