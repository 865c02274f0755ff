import { randomBytes } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf, isMissing } from '@tarwarden/guard/errno';

/**
 * A file that is too long for memory. It gets its name when it is complete, so that readers see the old content or the new one.
 * Links are neither followed nor replaced. {@link replaceFile} is for content that fits into memory.
 */
export class NewFile {
  readonly path: string;
  readonly #temporary: string;
  #handle: FileHandle | undefined;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** @throws TarwardenError where it cannot be written. */
  static async begin(path: string): Promise<NewFile> {
    const name = `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`;
    const temporary = join(dirname(path), name);
    const mode = permissionsOf(path);
    try {
      const handle = await open(temporary, 'wx', mode ?? 0o666);
      const file = new NewFile(path, temporary, handle);
      // The umask must not remove permissions that the old file had.
      if (mode !== undefined) await handle.chmod(mode);
      return file;
    } catch (error) {
      throw notWritten(path, error);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#handle!.writeFile(bytes);
    } catch (error) {
      throw notWritten(this.path, error);
    }
  }

  /** Writes all bytes to the disk. Then only `rename` is left to do. */
  async end(): Promise<void> {
    try {
      await this.#handle!.sync();
      await this.#close();
    } catch (error) {
      throw notWritten(this.path, error);
    }
  }

  /** Puts the file in its place. */
  async keep(): Promise<void> {
    try {
      await rename(this.#temporary, this.path);
    } catch (error) {
      throw notWritten(this.path, error);
    }
  }

  /** Removes the file, unless it is in its place. */
  async drop(): Promise<void> {
    await this.#close().catch(() => undefined);
    rmSync(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

function permissionsOf(path: string): number | undefined {
  try {
    const found = lstatSync(path);
    if (!found.isFile()) throw new TarwardenError('NOT_WRITTEN', unwritten(path, IRREGULAR));
    return found.mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof TarwardenError) throw error;
    throw notWritten(path, error);
  }
}

const IRREGULAR = 'it is not a regular file';

function notWritten(path: string, cause: unknown): TarwardenError {
  const why = errnoOf(cause) ?? 'the system says no reason';
  return new TarwardenError('NOT_WRITTEN', unwritten(path, why), { cause });
}

function unwritten(path: string, why: string): string {
  return `${printablePath(path)} was not written: ${why}`;
}
