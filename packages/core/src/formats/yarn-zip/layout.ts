import type { NameLayout, ReportName } from '../../containers/zip/sink.ts';
import { quote } from '../../text/printable.ts';

/** `node_modules/<name>/` or `node_modules/@scope/<name>/`, at the start of every path but those of the folders above. */
const PACKAGE = /^node_modules\/((?:(@[^/]+)\/)?[^/@][^/]*)\//;
const ABOVE = /^node_modules\/(?:(@[^/]+)\/)?$/;
/** A scope is in no entry's path, so no rule of paths looks at it. */
const SCOPE = /^@[\w~.-]*[\w~-]$/;

/** The folder that all entries of one archive of Yarn's cache lie in, and which the rules do not see. */
export class YarnLayout {
  #top: string | undefined;
  /** `node_modules/<top>/`, and where the path to be inspected starts in a name that starts so. */
  #own: { readonly prefix: string; readonly cut: number } | undefined;
  /** Of the package, with its `@`; empty where it has none. */
  #scope: string | undefined;

  readonly cut: NameLayout = (spelled, isDirectory, report) => {
    const own = this.#own;
    return own && spelled.startsWith(own.prefix)
      ? own.cut
      : this.#cutOf(spelled, isDirectory, report);
  };

  #cutOf(spelled: string, isDirectory: boolean, report: ReportName): number | undefined {
    const above = isDirectory ? ABOVE.exec(spelled) : null;
    if (above !== null) {
      if (above[1] !== undefined && !this.#ownScope(above[1]))
        report('zip-outside-package', quote(spelled));
      return undefined;
    }
    const [prefix, top, scope = ''] = PACKAGE.exec(spelled) ?? [];
    const scoped = top !== undefined && this.#ownScope(scope);
    if (!scoped) report('zip-outside-package', quote(spelled));
    else if (this.#top !== undefined && top !== this.#top) {
      report('zip-outside-package', `${quote(spelled)}, in the archive of ${quote(this.#top)}`);
    }
    if (top === undefined) return 0;
    // An entry elsewhere is inspected by its whole path.
    if (top !== (this.#top ??= top)) return 0;
    const cut = spelled.indexOf('/') + 1 + (top.startsWith('@') ? top.indexOf('/') + 1 : 0);
    if (scoped && prefix !== undefined) this.#own = { prefix, cut };
    return cut;
  }

  /** Whether a scope is that of all entries so far, and can be one. */
  #ownScope(scope: string): boolean {
    this.#scope ??= scope;
    return scope === this.#scope && (scope === '' || SCOPE.test(scope));
  }
}
