/** A file that is read in parts, so that it need not fit in memory. */
export interface ArchiveFile {
  /** In bytes. */
  readonly length: number;
  /**
   * Fills all of `target` with the bytes from `position` on. The caller never asks for more bytes than the file has.
   * @throws if it cannot read them. The file is then not inspected.
   */
  readonly read: (target: Buffer, position: number) => void;
}

/** An archive in memory, or in a file. */
export type ArchiveBytes = Buffer | ArchiveFile;
