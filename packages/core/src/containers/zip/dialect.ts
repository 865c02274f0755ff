/*
 * The features of zip that the writers of each format use. There is one reader, and its dialect says what it accepts silently.
 */

/** The features that an archive may use. The reader reports all others. */
export interface ZipDialect {
  /**
   * True if writers of the format use no option of zip. An extra field, a comment, a descriptor, zip64, or a difference between the
   * two headers is then reported like an unknown method. Otherwise each option is read, and compared with the other values.
   */
  readonly plain: boolean;
  /** General purpose bits (APPNOTE 4.4.4) that an entry may have. */
  readonly flags: number;
  /** `version needed`, tenfold. */
  readonly maxVersionNeeded: number;
  /** Systems in `version made by`. */
  readonly systems: ReadonlySet<number>;
  /** Bits of the internal attributes. */
  readonly internalAttributes: number;
  /** Attributes of MS-DOS, without the one for a folder. */
  readonly dosAttributes: number;
  /** `usual`: sizes in a descriptor after the data are not reported. */
  readonly descriptors: 'usual' | 'reported';
}

/** Systems, APPNOTE 4.4.2.2. */
export const MadeBy = { Fat: 0, Unix: 3, Ntfs: 10, Vfat: 14, MacOsX: 19 } as const;

/** Bit 3: CRC and sizes come after the data. */
export const DESCRIPTOR_FLAG = 0x0008;
/** Bit 11: the name is UTF-8. */
export const UTF8_FLAG = 0x0800;
/** Bits 1 and 2: the level of compression. They change nothing for a reader. */
export const DEFLATE_FLAGS = 0x0006;

/**
 * Zips as common libraries write them: Python's zipfile, Info-ZIP, libzip, those of Go, Rust, Java and .NET, `git archive`. Entries
 * are stored or deflated, not encrypted, and on one disk.
 */
export const COMMON_ZIP: ZipDialect = {
  plain: false,
  flags: UTF8_FLAG | DEFLATE_FLAGS | DESCRIPTOR_FLAG,
  // 4.5: zip64. Info-ZIP skips entries that need more than 4.6, and Python refuses them past 6.3.
  maxVersionNeeded: 45,
  systems: new Set(Object.values(MadeBy)),
  // Info-ZIP marks text files.
  internalAttributes: 0x0001,
  // Read-only, archived, 0x80, which Windows sets if no other attribute is set, and 7-Zip's mark that there is a Unix mode.
  dosAttributes: 0x80a1,
  descriptors: 'reported',
};
