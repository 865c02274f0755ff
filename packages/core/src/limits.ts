/**
 * The limits of a policy, for what an archive may contain. "Seen" is the largest value among real tarballs (docs/survey.md). Each
 * limit leaves room above that value, and stays far below a value that costs noticeable time or memory.
 */
export interface Limits {
  /** Entries in one archive, extended headers not counted. Seen: 31,843. */
  readonly entries: number;
  /** Bytes after decompression. Seen: 248 MB. */
  readonly unpackedBytes: number;
  /** Unpacked bytes per compressed byte, once past `RATIO_FLOOR_BYTES`. Seen: 39; deflate can reach 1,032. */
  readonly ratio: number;
  /** Components in a path. Seen: 20. */
  readonly depth: number;
  /** Bytes in a path. Seen: 200. Windows stops at 260 without opting in, ustar at 255. */
  readonly pathBytes: number;
  /** Bytes in package.json. Seen: 199 kB. */
  readonly manifestBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  entries: 50_000,
  unpackedBytes: 1024 * 1024 * 1024,
  ratio: 200,
  depth: 64,
  pathBytes: 1024,
  manifestBytes: 2 * 1024 * 1024,
};

/** Below this many unpacked bytes a high ratio is harmless: a few zero-filled fixtures reach it honestly. */
export const RATIO_FLOOR_BYTES: number = 16 * 1024 * 1024;

/** Characters of all paths of one archive together, as they are and folded, folders included. Seen: below 2 million. */
export const MAX_PATH_TEXT: number = 8 * 1024 * 1024;

/** Weight of a non-ASCII character in MAX_PATH_TEXT: folding it by table takes this many times as long as keeping it. */
export const FOLDING_WEIGHT = 8;

/** Clashes of one kind that are kept. Each kept clash becomes one finding; further ones are not reported. */
export const MAX_CLASHES = 1000;

/**
 * Characters in paths that differ from another path only in case or Unicode form. Each is folded once more to find the kind of
 * difference, so reading stops at this limit. Real packages have at most one such path.
 */
export const MAX_COMPARED_TEXT = 1_000_000;

/** Zero bytes after the two blocks that end an archive, past which pnpm 12 refuses it. Seen: under 10,240. */
export const MAX_ZERO_TAIL = 10_240;

/**
 * Size of a tar record. If GNU tar wrote a compressed archive to a pipe or a tape, it filled the last record with zeros after the
 * gzip member. Seen: 9,736 zeros.
 */
export const GZIP_RECORD_BYTES = 10_240;

/** Bytes of a `.git` file that are read. Seen: 38. */
export const MAX_GIT_LINK_BYTES = 512;

/** Bytes of a `config` file that are read, to see whether a git repository has settings of its own. Seen: 66. */
export const MAX_GIT_CONFIG_BYTES = 4096;

/** `.git` files of one archive that are read, and files `config`. Seen: 1. */
export const MAX_GIT_LINKS = 100;

/** Characters of all install scripts together, in which file names are looked for. Seen: 205. */
export const MAX_SCRIPT_TEXT: number = 64 * 1024;

/** One path component: the limit of ext4, APFS and NTFS, past which extractors fail or truncate. */
export const MAX_COMPONENT_BYTES = 255;

/** A PAX or GNU extended header. Seen: under 8 kB. node-tar silently ignores those above 1 MiB. */
export const MAX_EXTENDED_HEADER_BYTES: number = 64 * 1024;

/** Records in one PAX header. Seen: 145. */
export const MAX_PAX_RECORDS = 512;

/**
 * Bytes of all extended headers of one archive. Seen: 99 kB. Enough for every one of 50,000 entries to have one
 * with its path.
 */
export const MAX_ALL_EXTENDED_BYTES: number = 8 * 1024 * 1024;

/** Records of all PAX headers of one archive. Seen: 2,089. */
export const MAX_ALL_PAX_RECORDS = 60_000;

/** Extended headers before one entry. Each header after the first of its type is already a finding. */
export const MAX_HEADERS_BEFORE_ENTRY = 100;

/**
 * Files and folders that an archive's paths name, folders counted once. Deep paths name many folders each, so the
 * cap on entries does not bound them. Seen: below 12,000.
 */
export const MAX_PLACES = 200_000;

/** Bytes of a link target that are kept: the most that Linux accepts (PATH_MAX). */
export const MAX_LINKPATH_BYTES = 4096;

/** The largest user or group id (uid_t of 32 bits): GNU tar refuses an archive with a larger one. */
export const MAX_OWNER = 4_294_967_295;

/** Findings kept per rule, and per problem of a rule that is about several: enough to see the pattern, few enough to read. */
export const MAX_FINDINGS_PER_RULE = 20;

/** Entries that one rule may report. After that the rule checks no further entries, and no exception for an entry covers them. */
export const MAX_FOUND_PER_RULE = 1000;

/** Names that are compared with short names in the same folder. The most files in one package are 8,711. */
export const MAX_SHORT_NAME_COMPARISONS = 20_000;

/** Findings kept per archive. */
export const MAX_FINDINGS = 200;

/** Link hops followed while one path is resolved, as many as Linux follows before ELOOP. */
export const MAX_LINK_HOPS = 40;

/**
 * Values in package.json, objects and lists counted. Seen: 869. Values of two bytes cost as much as those of fifty, and
 * pack a thousand times better. Where `manifestBytes` is raised, there may be one for each 128 bytes of that.
 */
export const MAX_MANIFEST_VALUES = 20_000;
export const MANIFEST_BYTES_PER_VALUE = 128;

/** Bytes of a package's own npm-shrinkwrap.json. Seen: 2.0 MB, of a command line with 2,285 dependencies. */
export const MAX_SHRINKWRAP_BYTES: number = 4 * 1024 * 1024;

/** Values in npm-shrinkwrap.json, objects and lists counted. Seen: 40,574, in a lockfile of 2.0 MB. */
export const MAX_SHRINKWRAP_VALUES = 100_000;

/** Levels of dependencies in a lockfile of version 1. Seen: 9. npm itself recurses. */
export const MAX_SHRINKWRAP_DEPTH = 100;

/** Paths out of the package that are listed for one lockfile. One is enough to reject the archive. */
export const MAX_SHRINKWRAP_ESCAPES = 20;

/** Path components followed while all links of one archive are resolved: enough for thousands of links with a dozen components. */
export const MAX_LINK_STEPS = 100_000;

/** Bytes of the comment at the end of a zip. Seen: 40, from `git archive`. libarchive looks for the end record in the last 16 KiB only. */
export const MAX_ZIP_COMMENT_BYTES: number = 16 * 1024 - 22;

/** Bytes of the central directory of a zip. Seen: 1.5 MB. Enough for 50,000 entries of the longest paths. */
export const MAX_ZIP_DIRECTORY_BYTES: number = 64 * 1024 * 1024;

/** Extra fields in one header of a zip. Seen: 3. Many headers of the directory may share one before the data. */
export const MAX_EXTRA_FIELDS = 32;

/** Fields of METADATA, PKG-INFO or WHEEL, lines that continue one counted. Seen: 145 (docs/survey-python.md). */
export const MAX_HEADER_FIELDS = 20_000;

/** `Tag` lines that are read, and tags that one such line or a file name expands to. Seen: 4. */
export const MAX_WHEEL_TAGS = 200;

/** Characters of one `Tag` line of WHEEL, which expands to several tags. A file name has at most 255. */
export const MAX_WHEEL_TAG_CHARS = 256;

/** Bytes of RECORD in a wheel. Seen: 1.3 MB, for 12,105 files. Enough for 50,000. */
export const MAX_RECORD_BYTES: number = 8 * 1024 * 1024;

/** Lines of RECORD: as many as an archive has entries. */
export const MAX_RECORD_LINES = 50_000;

/** Characters of one value in RECORD: more than any path that the limits accept. */
export const MAX_RECORD_VALUE_CHARS = 4096;

/** Commands in entry_points.txt. The installer writes a script for each. Seen: below 69. */
export const MAX_ENTRY_POINTS = 2000;

/** Characters of a name or a version of PyPI that are read. Seen: 40. */
export const MAX_PYPI_CHARS = 255;

/**
 * Characters of the dependencies of a package of Python or a gem that a verdict keeps. A longer list becomes a digest, so that the
 * remembered verdicts stay small. Seen: 3,206, of 92 dependencies (moto 5.2.1).
 */
export const MAX_INDEXED_CHARS: number = 32 * 1024;

/** Scalars, maps and lists in a gemspec. */
export const MAX_GEMSPEC_VALUES = 100_000;

/** Maps and lists within one another in a gemspec. */
export const MAX_GEMSPEC_DEPTH = 20;

/** Characters and values that aliases repeat in a gemspec, since each repeat is walked again. Real gemspecs repeat small lists. */
export const MAX_GEMSPEC_REPEATED: number = 4 * 1024 * 1024;

/** Files in the outer archive of a gem: three, and a signature of each. */
export const MAX_GEM_MEMBERS = 16;

/** Unpacked bytes of the checksums of a gem. */
export const MAX_GEM_CHECKSUMS_BYTES: number = 16 * 1024;

/** Bytes of all optional gzip header fields (FEXTRA, FNAME, FCOMMENT). Real headers have a file name at most. */
export const MAX_GZIP_HEADER_BYTES: number = 64 * 1024;

/** Characters of hostile text quoted in one message. */
export const MAX_QUOTED_CHARS = 200;

/** Characters of one path on a line of a report: enough for any that the limits accept. */
export const MAX_PRINTED_PATH_CHARS = 4096;

/** Bytes of a policy file, or of a package.json that holds one. Thousands of exceptions fit. */
export const MAX_POLICY_BYTES: number = 4 * 1024 * 1024;

/** Bytes of a project's package.json in which a policy is looked for. Real ones are far smaller. */
export const MAX_MANIFEST_FILE_BYTES: number = 64 * 1024 * 1024;

/** Nesting of a policy file. The schema needs four. */
export const MAX_POLICY_DEPTH = 64;

/** Parent folders that are searched for the root of a project. */
export const MAX_POLICY_PARENTS = 256;

/** Objects and lists within one another in a package.json. Seen: 10. At 5,000 pnpm 11 runs out of stack. */
export const MAX_MANIFEST_DEPTH = 100;

/** Bytes of an archive file that is read to be inspected. Seen: 43.7 MB. */
export const MAX_ARCHIVE_FILE_BYTES: number = 512 * 1024 * 1024;

/** Bytes of a wheel that is read from its file, in parts. Those of torch have 0.9 GB, with libraries of CUDA or ROCm up to 3 GB. */
export const MAX_WHEEL_FILE_BYTES: number = 4 * 1024 * 1024 * 1024;

/** A wheel above this size is read from its file. Below it, keeping the bytes in memory is cheaper than reading them twice. */
export const WHEEL_IN_MEMORY_BYTES: number = 64 * 1024 * 1024;

/** Bytes that a wheel unpacks to: libraries of CUDA pack to a half or a third. */
export const MAX_WHEEL_UNPACKED_BYTES: number = 16 * 1024 * 1024 * 1024;

/** The most bytes of a tarball that are read. A larger one does not fit in memory, or would be rejected for its size anyway. */
export function tarballBytesMax({ unpackedBytes }: Limits): number {
  return Math.min(MAX_ARCHIVE_FILE_BYTES, unpackedBytes);
}

/** Unpacked bytes of an archive whose unpacking by each manager is shown. Nine in ten real packages stay below. */
export const MAX_VIEW_BYTES: number = 64 * 1024 * 1024;

/** Headers that a lenient reader of views walks, extended headers counted. More than the limits accept. */
export const MAX_VIEW_ENTRIES = 100_000;

/**
 * Characters of all paths of a view, each path counted once for every folder in it, since each step to a file compares them. The
 * largest real packages need less than a tenth of this.
 */
export const MAX_VIEW_PATH_WORK: number = 256 * 1024 * 1024;

/** Gzip members that a lenient reader of views follows. */
export const MAX_GZIP_MEMBERS = 16;

/** Bytes of a PAX header that a lenient reader of views takes. node-tar stops there. */
export const MAX_LENIENT_PAX_BYTES: number = 1024 * 1024;

/** Bytes of a module zip, and of all files in it together, that go takes (golang.org/x/mod/zip, MaxZipFile). */
export const MAX_MODULE_BYTES: number = 500 * 1024 * 1024;

/** Bytes of go.mod that go takes (MaxGoMod there). */
export const MAX_GO_MOD_BYTES: number = 16 * 1024 * 1024;

/** Bytes of LICENSE that go takes (MaxLICENSE there). */
export const MAX_MODULE_LICENSE_BYTES: number = 16 * 1024 * 1024;

/** Characters of one kind of statement of a package.json (all dependencies, all commands) that a verdict repeats. */
export const MAX_DECLARED_CHARS: number = 16 * 1024;

/** Characters of an install script that a verdict repeats. */
export const MAX_DECLARED_SCRIPT_CHARS = 512;
