import type { NameLayout, ReportEntry } from '../../containers/zip/sink.ts';
import { quote } from '../../text/printable.ts';

/** `node_modules/<name>/` or `node_modules/@scope/<name>/`. Every path begins with it, except those of its parent folders. */
const PACKAGE = /^node_modules\/((?:(@[^/]+)\/)?[^/@][^/]*)\//;
const ABOVE = /^node_modules\/(?:(@[^/]+)\/)?$/;
/** The scope is cut off before the path rules run, so it is checked here. */
const SCOPE = /^@[\w~.-]*[\w~-]$/;

/** The folder around all entries of an archive of Yarn's cache. The rules do not see it. */
export class YarnLayout {
  #top: string | undefined;
  /** `node_modules/<top>/`, and where the path to inspect starts in a name that begins with it. */
  #packageFolder: { readonly prefix: string; readonly cut: number } | undefined;
  /** The scope of the package, with its `@`. Empty if it has none. */
  #scope: string | undefined;

  readonly cut: NameLayout = (spelled, isDirectory, report) => {
    const packageFolder = this.#packageFolder;
    return packageFolder && spelled.startsWith(packageFolder.prefix)
      ? packageFolder.cut
      : this.#cutOf(spelled, isDirectory, report);
  };

  #cutOf(spelled: string, isDirectory: boolean, report: ReportEntry): number | undefined {
    const above = isDirectory ? ABOVE.exec(spelled) : null;
    if (above !== null) {
      if (above[1] !== undefined && !this.#isOwnScope(above[1]))
        report('zip-outside-package', quote(spelled));
      return undefined;
    }
    const [prefix, top, scope = ''] = PACKAGE.exec(spelled) ?? [];
    const scoped = top !== undefined && this.#isOwnScope(scope);
    if (!scoped) report('zip-outside-package', quote(spelled));
    else if (this.#top !== undefined && top !== this.#top) {
      report('zip-outside-package', `${quote(spelled)}, in the archive of ${quote(this.#top)}`);
    }
    if (top === undefined) return 0;
    // An entry outside the folder is inspected by its whole path.
    if (top !== (this.#top ??= top)) return 0;
    const cut = spelled.indexOf('/') + 1 + (top.startsWith('@') ? top.indexOf('/') + 1 : 0);
    if (scoped && prefix !== undefined) this.#packageFolder = { prefix, cut };
    return cut;
  }

  /** Whether the scope is valid, and the same as that of all entries so far. */
  #isOwnScope(scope: string): boolean {
    this.#scope ??= scope;
    return scope === this.#scope && (scope === '' || SCOPE.test(scope));
  }
}
