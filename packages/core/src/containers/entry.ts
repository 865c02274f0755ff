/** Typeflags of POSIX ustar and pax, as the byte at offset 156. A NUL byte is an old spelling of `0`. */
export const Typeflag = {
  File: 0x30,
  Hardlink: 0x31,
  Symlink: 0x32,
  CharacterDevice: 0x33,
  BlockDevice: 0x34,
  Directory: 0x35,
  Fifo: 0x36,
  Contiguous: 0x37,
  GnuSparse: 0x53,
} as const;

/**
 * Unusual features of an entry, found in one pass over its bytes. A rule names the bits that it checks. An ordinary entry has no bit
 * set, so no rule looks at it.
 */
export const Trait = {
  /** A `..` component. */
  DotDot: 1,
  /** Starts with `/`. */
  LeadingSlash: 0x2,
  Backslash: 0x4,
  Colon: 0x8,
  /** C0, DEL, or a C1 control in UTF-8. */
  Control: 0x10,
  Nul: 0x20,
  InvalidUtf8: 0x40,
  /** A component ends in a dot or a space. */
  TrailingDotOrSpace: 0x80,
  /** A component that Windows treats as a device. */
  ReservedName: 0x100,
  /** `//` inside, or `/` at the end of an entry that is not a directory. */
  EmptyComponent: 0x200,
  /** A `.` component. */
  Dot: 0x400,
  NonAscii: 0x800,
  UpperCase: 0x1000,
  /** One of `< > " | ? *`. */
  WindowsCharacter: 0x2000,
  /** A component that starts with `.` (and is neither `.` nor `..`) or contains `~`. It may be a name that tools trust. */
  TrustedName: 0x4000,
  LongPath: 0x8000,
  LongComponent: 0x10000,
  Deep: 0x20000,
  Empty: 0x40000,
  /** Neither a regular file nor a directory. */
  SpecialType: 0x80000,
  /** Set-user-id, set-group-id or sticky. */
  SpecialMode: 0x100000,
  /** Mode bits above 0o7777, where stat keeps the file type. */
  TypeInMode: 0x200000,
  /** A file that its group or others may execute and its owner may not. */
  ExecuteWithoutOwner: 0x400000,
  /** A PAX header gives the size that is in the header as well. */
  RepeatedSize: 0x800000,
} as const;

/** One entry of an archive, as the bytes describe it. */
export interface Entry {
  /** Position among the entries, from 0; extended headers are not counted. */
  readonly index: number;
  /** Offset of the header block in the unpacked tar. */
  readonly offset: number;
  /** The whole path, extended headers applied, byte sequences that are not UTF-8 replaced by U+FFFD. */
  readonly path: string;
  readonly typeflag: number;
  /** Bytes of content, extended headers applied. */
  readonly size: number;
  /** Permission and file-type bits as stored; -1 where the field is empty or unreadable. */
  readonly mode: number;
  /** Target of a link. Empty for other entries. */
  readonly linkpath: string;
  /** Bits of {@link Trait}. */
  readonly traits: number;
}
