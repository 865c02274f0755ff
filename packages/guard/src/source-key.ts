/* The key under which a guard remembers, within a run, that it has inspected a source. */

/** The parts of a source that decide which bytes a client gets, and how it reads them. */
export interface SourceParts {
  /** URL, path or repository, exactly as the client uses it. Undefined where only the integrity names the bytes. */
  readonly location: string | undefined;
  /** Commit of a git repository. */
  readonly commit: string | undefined;
  /** Folder inside the archive or repository that the client installs. */
  readonly folder: string | undefined;
  /** Subresource integrity or hash that the client checks the bytes with, as written. */
  readonly integrity: string | undefined;
  /** The file's name, if the format reads facts from it: wheels, sdists, gems. */
  readonly fileName: string | undefined;
  /** Format that the client reads the bytes as. */
  readonly format: string;
  /** Name and version that a registry vouches for. */
  readonly expected: { readonly name: string; readonly version: string } | undefined;
}

/**
 * Two sources have the same key only if the same bytes are inspected in the same way for both. Every part has to be given, so that a
 * caller cannot leave one out: without a part that decides about the bytes, uninspected bytes could pass.
 */
export function sourceKey(
  ecosystem: 'npm' | 'pypi' | 'rubygems' | 'go',
  { location, commit, folder, integrity, fileName, format, expected }: SourceParts,
): string {
  return JSON.stringify([
    ecosystem,
    location ?? null,
    commit ?? null,
    folder ?? null,
    integrity ?? null,
    fileName ?? null,
    format,
    expected === undefined ? null : [expected.name, expected.version],
  ]);
}
