/** The behaviour of one reader for archives that the strict reader refuses. */
export interface Dialect {
  /**
   * End of the archive: two zero blocks (`two`), one after which all must be zero (`strict`), none (`skip`), one whatever follows
   * (`one`), or the first header that begins with a zero byte (`first-byte`).
   */
  readonly zeros: 'two' | 'one' | 'strict' | 'skip' | 'first-byte';
  /** `end`: the archive ends there, but a damaged first header is an error. `believed`: the checksum is not checked. */
  readonly badChecksum: 'skip' | 'error' | 'end' | 'believed';
  /** The reader does not know extended headers, and treats them as entries by their own names. */
  readonly extendedAreEntries?: true;
  /** The reader treats type NUL as unknown, and not as a file. */
  readonly nulIsNoFile?: true;
  /** Whether a checksum of signed bytes is accepted. */
  readonly signedChecksum?: true;
  /** A header without a name: it is skipped and its content read as headers, it is an error, or it is kept. */
  readonly noName: 'skip' | 'error' | 'keep';
  /** Sizes in base-256: understood, taken for 0, or an error. */
  readonly base256: 'read' | 'zero' | 'error';
  /** Whether a file whose name ends in a slash is a folder, without content. */
  readonly slashIsFolder: boolean;
  /**
   * A negative size counts as 0 (`zero`; a header with a size beyond all numbers is skipped), counts as 0 if it is less than a block
   * (`zero-below-block`), counts from the end of the piece that is read at once (`rest`; in base-256, plus one), or is an error.
   */
  readonly negativeSize: 'zero' | 'zero-below-block' | 'rest' | 'error';
  /** A negative PAX size is ignored, treated like one in the header, or an error. */
  readonly negativePaxSize: 'ignored' | 'believed' | 'error';
  /** The headers whose prefix field is read: those of POSIX, or all. */
  readonly prefix: 'posix' | 'all';
  /** The effect of a PAX size: on the place of the next header, or also on the content. `unless-zero`: both, but 0 is ignored. */
  readonly paxSize: 'both' | 'place' | 'unless-zero';
  /** Whether global sizes and link targets are believed. */
  readonly globals: 'believed' | 'ignored';
  /** Whether PAX records are split at line feeds, by their lengths, or by lengths without any check. */
  readonly paxRecords: 'lines' | 'lengths' | 'unchecked';
  /** An empty PAX path: it is the name, or it is ignored. */
  readonly emptyPaxPath: 'believed' | 'ignored';
  /**
   * The record or header that counts, if there are two. `gnu`: the first record, and GNU before PAX. `pax`: the last record, and PAX
   * before GNU.
   */
  readonly wins: 'last' | 'first' | 'gnu' | 'pax';
  /** Whether a second PAX header replaces all values of the first, and not only those that it sets. */
  readonly paxReplaces?: true;
  /** The kinds of extended headers that must not come twice before one entry. */
  readonly repeatedIsError: string;
  /** Whether the reader knows GNU long links. If not, they are an error. */
  readonly longLinks: boolean;
  /** Types other than links that may have a link target. A header of another type with a target is skipped. Absent: all types may. */
  readonly targetsBesideLinks?: string;
  /** The result of a malformed PAX header, or of a global one with a path or a size. */
  readonly oddPax: 'accepted' | 'error';
  /** Whether numbers must be octal to their last digit. */
  readonly strictNumbers: boolean;
  /** Whether the reader knows further blocks of a GNU sparse map. */
  readonly sparseMaps: boolean;
  /** Whether a NUL inside a GNU long name ends it. */
  readonly nulInLongName: 'ends' | 'kept';
  /** Whether the content of an extended header goes on to the end of its block. */
  readonly paddingIsContent?: true;
  /** The result of a PAX header without an entry after it. */
  readonly orphan: 'ignore' | 'error';
  /** Types whose content, if any is declared, is read as headers. */
  readonly withoutContent: string;
  /** The result if the archive ends inside the content of an entry. */
  readonly truncated: 'error' | 'short';
  /** The result if less than a block is left where a header should be. */
  readonly rest: 'ignored' | 'error' | 'end-needed';
}

/** The negative size that a reader believes. 0 if it believes none. */
export function believedBelow(
  dialect: Dialect,
  { declared, paxSize }: { declared: number; paxSize: number | undefined },
): number {
  if (dialect.negativeSize !== 'rest') return 0;
  const said = dialect.negativePaxSize === 'believed' ? (paxSize ?? declared) : declared;
  return said < 0 ? said : 0;
}

/** Whether an entry of this type may have the target of a link in its header. */
export function mayHaveTarget(
  { targetsBesideLinks }: Dialect,
  type: string,
  target: string,
): boolean {
  return (
    target === '' || targetsBesideLinks === undefined || `12${targetsBesideLinks}`.includes(type)
  );
}
