/** The package that the client asked for, as far as the client knows it. A verdict depends on it. */
export interface ExpectedPackage {
  /** As the ecosystem spells it: `@scope/name`, `Some.Project`, `rack`, `github.com/owner/module`. */
  readonly name?: string;
  readonly version?: string;
  /** Name of the file, without a folder, for formats whose file name has a meaning: wheels, sdists, gems. */
  readonly fileName?: string;
}
