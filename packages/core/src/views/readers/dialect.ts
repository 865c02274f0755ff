/** How one reader takes what the strict one refuses. */
export interface Dialect {
  /** Where the archive ends: at two zero blocks (`two`), at one, after which all must be zero (`strict`), nowhere
   * (`skip`), at one whatever follows (`one`), or at the first header that begins with a zero byte (`first-byte`). */
  readonly zeros: 'two' | 'one' | 'strict' | 'skip' | 'first-byte';
  /** `end`: the archive ends there, but a first header that is damaged is an error. `believed`: no reader looks. */
  readonly badChecksum: 'skip' | 'error' | 'end' | 'believed';
  /** Extended headers are unknown types: entries by their own names. */
  readonly extendedAreEntries?: true;
  /** A type of NUL is one that is not known, and not a file. */
  readonly nulIsNoFile?: true;
  /** Whether a sum over signed bytes is taken for right. */
  readonly signedChecksum?: true;
  /** A header without a name: passed over with its content read as headers, or an error. */
  readonly noName: 'skip' | 'error' | 'keep';
  /** Sizes in base-256: understood, taken for 0, or an error. */
  readonly base256: 'read' | 'zero' | 'error';
  /** Whether a file whose name ends in a slash is a folder, without content. */
  readonly slashIsFolder: boolean;
  /** A negative size counts as 0 (and one that no number can hold has its header passed over), does so where it is less
   * than a block, counts from the end of the piece that is read at once (in base-256, one more than it says), or stops it. */
  readonly negativeSize: 'zero' | 'zero-below-block' | 'rest' | 'error';
  /** A negative PAX size is passed over, taken as the header's own would be, or stops it. */
  readonly negativePaxSize: 'ignored' | 'believed' | 'error';
  /** Which headers have a prefix field: POSIX ones, all, or all with the last folder of it cut away as the first is. */
  readonly prefix: 'posix' | 'all';
  /** What a PAX size moves: the place of the next header, the content, both; `unless-zero`: both, but for 0. */
  readonly paxSize: 'both' | 'place' | 'unless-zero';
  /** Whether global sizes and link targets are believed. */
  readonly globals: 'believed' | 'ignored';
  /** Whether PAX records are split at line feeds, by their lengths, or by lengths of which nothing is checked. */
  readonly paxRecords: 'lines' | 'lengths' | 'unchecked';
  /** A PAX path without a character: an empty name, or none of its own. */
  readonly emptyPaxPath: 'believed' | 'ignored';
  /** Which of two records, and of two headers, counts; `gnu`: the first record, and GNU before PAX; `pax`: the last, and PAX
   * before GNU. */
  readonly wins: 'last' | 'first' | 'gnu' | 'pax';
  /** Whether of two PAX headers the second replaces all of the first, and not only what it says itself. */
  readonly paxReplaces?: true;
  /** Two extended headers of one kind before one entry: which kinds are an error. */
  readonly repeatedIsError: string;
  /** Whether a GNU long link is known; an error where not. */
  readonly longLinks: boolean;
  /** Types that may have a link target beside links; a header of another that has one is passed over. Absent: all may. */
  readonly targetsBesideLinks?: string;
  /** A PAX header that is not well formed, or a global one with a path or a size. */
  readonly oddPax: 'accepted' | 'error';
  /** Whether numbers must be octal to their last digit. */
  readonly strictNumbers: boolean;
  /** Whether the more blocks of a GNU sparse map are known. */
  readonly sparseMaps: boolean;
  /** Whether the NUL that ends a GNU long name may be before its end. */
  readonly nulInLongName: 'ends' | 'kept';
  /** Whether the content of an extended header goes on to the end of its block. */
  readonly paddingIsContent?: true;
  /** A PAX header that nothing follows. */
  readonly orphan: 'ignore' | 'error';
  /** Types whose content, if any is declared, is read as headers. */
  readonly withoutContent: string;
  /** Content that the archive ends in. */
  readonly truncated: 'error' | 'short';
  /** Less than a block where a header should be. */
  readonly rest: 'ignored' | 'error' | 'end-needed';
}

/** The size below zero that a reader believes; 0 where it believes none. */
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
