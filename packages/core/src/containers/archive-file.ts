/** A file of which only parts are in memory at a time. */
export interface ArchiveFile {
  /** In bytes. */
  readonly length: number;
  /**
   * Fills `target` with the bytes from `position` on; all of it, since nobody asks for more than there is.
   * @throws where it cannot: the file is then not inspected.
   */
  readonly read: (target: Buffer, position: number) => void;
}

/** An archive in memory, or in a file. */
export type ArchiveBytes = Buffer | ArchiveFile;
