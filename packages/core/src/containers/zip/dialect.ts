/*
 * What the writers of a format's archives make of zip. The reader is one; what it passes without a word is data.
 */

/** What an archive may do. Whatever else it does is reported. */
export interface ZipDialect {
  /**
   * None of the options of zip: an extra field, a comment, a descriptor, zip64, or two headers that differ in anything is as
   * foreign to the format as an unknown method. Otherwise each option is read, and held against what the rest says.
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
  /** Attributes of MS-DOS; that of a folder is no matter of the dialect. */
  readonly dosAttributes: number;
  /** `usual`: sizes in a descriptor behind the data are nothing to report. */
  readonly descriptors: 'usual' | 'reported';
}

/** Systems, APPNOTE 4.4.2.2. */
export const MadeBy = { Fat: 0, Unix: 3, Ntfs: 10, Vfat: 14, MacOsX: 19 } as const;

/** Bit 3: CRC and sizes come behind the data. */
export const DESCRIPTOR_FLAG = 0x0008;
/** Bit 11: the name is UTF-8. */
export const UTF8_FLAG = 0x0800;
/** Bits 1 and 2: how hard deflate tried. They change nothing for a reader. */
export const DEFLATE_FLAGS = 0x0006;

/**
 * What zip libraries write: Python's zipfile, Info-ZIP, libzip, those of Go, Rust, Java and .NET, `git archive`. Not encrypted,
 * stored or deflated, on one disk.
 */
export const COMMON_ZIP: ZipDialect = {
  plain: false,
  flags: UTF8_FLAG | DEFLATE_FLAGS | DESCRIPTOR_FLAG,
  // 4.5: zip64. Info-ZIP leaves out what needs more than 4.6, Python refuses it past 6.3.
  maxVersionNeeded: 45,
  systems: new Set(Object.values(MadeBy)),
  // Info-ZIP marks text.
  internalAttributes: 0x0001,
  // Read-only, archived, and the 0x80 that Windows has for "nothing else".
  dosAttributes: 0x00a1,
  descriptors: 'reported',
};
