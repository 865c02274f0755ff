import type { Entry } from '../containers/entry.ts';
import { Trait } from '../containers/entry.ts';
import type { Layer, Location } from '../finding/location.ts';
import type { Observe } from '../finding/observation.ts';
import type { Code } from '../finding/rule-id.ts';
import { MAX_FOUND_PER_RULE, MAX_PATH_TEXT, MAX_PLACES } from '../limits.ts';
import { quote } from '../text/printable.ts';
import { isCaseOnly, type Clash } from '../tree/file-set.ts';
import type { PackageTree } from '../tree/tree.ts';
import { codeOf } from './table-rows.ts';
import type { EntryRule, ReportFinding, RuleContext, RuleOf } from './rule.ts';

/** One run of the rules over an archive. */
export interface RuleRun {
  readonly observe: Observe;
  readonly context: RuleContext;
  /** The layer in which offsets of entries count. */
  readonly layer: Layer;
}

/** Traits that no entry rule checks. They only control how paths are compared. */
const COMPARISON_TRAITS = Trait.UpperCase;
/** Traits that are not checked for a path that was cut: it is rejected for its length, and its names are not complete. */
const NAME_TRAITS = Trait.NonAscii | Trait.TrustedName;

/** Applies the rules for single entries while the archive is read. */
export class EntryRules {
  readonly #rules: readonly EntryRule[];
  readonly #run: RuleRun;
  /** Number of entries that each rule has reported, by its code. */
  readonly #reportedCounts = new Map<Code, number>();

  constructor(rules: readonly EntryRule[], applied: RuleRun) {
    this.#rules = rules;
    this.#run = applied;
  }

  apply(entry: Entry): void {
    const skipped =
      (entry.traits & Trait.LongPath) === 0 ? COMPARISON_TRAITS : COMPARISON_TRAITS | NAME_TRAITS;
    const traits = entry.traits & ~skipped;
    if (traits === 0) return;
    const { observe, context } = this.#run;
    for (const rule of this.#rules) {
      if ((rule.traits & traits) === 0) continue;
      const code = codeOf(rule);
      const reportedCount = this.#reportedCounts.get(code) ?? 0;
      if (reportedCount >= MAX_FOUND_PER_RULE) continue;
      const detail = rule.check(entry, context);
      if (detail === undefined) continue;
      this.#reportedCounts.set(code, reportedCount + 1);
      observe({ code, detail, ...locationOf(entry, this.#run.layer, rule) });
    }
  }
}

/**
 * Reports entries that clash with each other.
 *
 * @param samePath Returns the code for two entries at one path, which depends on their content.
 */
export function reportClashes(
  tree: PackageTree,
  samePath: (clash: Clash) => Code,
  to: RuleRun,
): void {
  if (tree.files.overflowed) {
    to.observe({
      code: 'entry-count-limit',
      detail: `the paths name more than ${MAX_PLACES} files and folders, or are longer than ${MAX_PATH_TEXT} characters in all`,
    });
  }
  for (const clash of tree.files.clashes) {
    const code = clash.kind === 'same-path' ? samePath(clash) : codeOfClash(clash);
    if (code === 'duplicate-path') tree.differing.add(clash.key);
    to.observe({
      code,
      detail: `${quote(clash.entry.path)} after ${quote(clash.other.entry.path)} (entry number ${clash.other.entry.index + 1})`,
      ...locationOf(clash.entry, to.layer),
    });
  }
}

/** Whether a rule needs the whole archive, so that it runs after the last entry. */
export function looksAtAll<M>(rule: RuleOf<M>): boolean {
  return rule.kind === 'entry' ? rule.checkTree !== undefined : rule.kind !== undefined;
}

/** Applies the rules for the whole archive, after the last entry. */
export function applyToAll<M>(
  rules: readonly RuleOf<M>[],
  content: { readonly tree: PackageTree; readonly metadata: M },
  to: RuleRun,
): void {
  for (const rule of rules) {
    const report: ReportFinding = (detail, entry) =>
      to.observe({
        code: codeOf(rule),
        detail,
        ...(entry && locationOf(entry, to.layer, rule.kind === 'metadata' ? rule : undefined)),
      });
    if (rule.kind === 'metadata') rule.check(content.metadata, report, to.context);
    else if (rule.kind === 'tree') rule.check(content.tree, report, to.context);
    else if (rule.kind === 'entry') rule.checkTree?.(content.tree, report, to.context);
  }
}

function locationOf(
  entry: Entry,
  layer: Layer,
  { field }: Pick<EntryRule, 'field'> = {},
): Location {
  const { offset, path, index } = entry;
  return { layer, offset, ...(field && { field }), entry: path, entryIndex: index };
}

function codeOfClash(clash: Clash): Code {
  if (clash.kind === 'through-link') return 'write-through-link';
  if (clash.kind === 'file-directory') return 'file-directory-conflict';
  if (clash.kind === 'same-directory') return 'repeated-directory';
  return isCaseOnly(clash) ? 'case-collision' : 'unicode-collision';
}
