/** What was asked for, where the client knows it. A verdict depends on it. */
export interface ExpectedPackage {
  /** As the ecosystem spells it: `@scope/name`, `Some.Project`, `rack`, `github.com/owner/module`. */
  readonly name?: string;
  readonly version?: string;
  /** Name of the file, without a folder, where the ecosystem says something by it: wheels, sdists, gems. */
  readonly fileName?: string;
}
