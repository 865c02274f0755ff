import { remedyFor } from './advice.ts';
import { approval, exceptedText } from './exceptions-used.ts';
import { plural } from '../text/plural.ts';
import { printable, printablePath } from '../text/printable.ts';
import type { Format } from '../finding/format.ts';
import { rejects } from '../finding/rejects.ts';
import type { AppliedPreset, Finding, Verdict } from '../finding/verdict.ts';
import type { Style } from '../text/style.ts';
import type { Line } from '../text/wrap.ts';

/** The heading of the command that approves proposed exceptions. */
export const PROPOSED =
  'The repository proposes an exception, which does not count before you approve it. Look at the archive, and then';

/** The https address of the rules' pages, with a slash at its end. Undefined as long as they are not published. */
const RULES_ADDRESS: string | undefined = undefined;

/** The place where a reader finds more about a rule: a command that works offline, and the address if there is one. */
export function ruleReference(rule: string, address: string | undefined = RULES_ADDRESS): string {
  const command = `tarwarden rules ${rule}`;
  return address === undefined ? command : `${command}, ${address}${rule}`;
}

/** The page of a rule, as a path from the root of this project. */
export function rulePage(rule: string): string {
  return `docs/rules/${rule}.md`;
}

/** Findings in the order of a report: those that reject, then excepted errors, then warnings; no notes. */
export function byWeight(findings: readonly Finding[]): Finding[] {
  const rejecting = findings.filter(rejects);
  const excepted = findings.filter((finding) => finding.level === 'error' && !rejects(finding));
  return [...rejecting, ...excepted, ...findings.filter(({ level }) => level === 'warning')];
}

/** Findings of level `note`. */
export function notesOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ level }) => level === 'note');
}

/** Whether an archive has no findings other than notes, so that only `explain` mentions it. */
export function isQuiet({ findings, omitted }: Verdict): boolean {
  return omitted === 0 && findings.every(({ level }) => level === 'note');
}

/** Says which preset made a finding an error, and which file sets it. Safe for a terminal. */
export function presetText({ name, setBy, file }: AppliedPreset): string {
  const setterText = {
    machine: 'the policy of this machine',
    user: 'your own policy file',
    repository: `${printable(file)} of the project`,
  }[setBy];
  return `an error by the preset ${printable(name)}, which ${setterText} sets`;
}

/** The label of a finding, as wide as the widest, and painted. */
function label(finding: Finding, style: Style): string {
  if (finding.level === 'note') return style.dim('note    ');
  if (finding.level === 'warning') return style.yellow('warning ');
  return finding.excepted === undefined ? style.red('error   ') : style.dim('excepted');
}

/** The lines of one finding: level and rule, entry, message. Escaped; no line feed at the end. */
export function findingLines(finding: Finding, style: Style): Line[] {
  const indent = ' '.repeat(11);
  const lines: Line[] = [`  ${label(finding, style)} ${style.bold(finding.rule)}`];
  if (finding.entry !== undefined)
    lines.push({ label: `${indent}entry:  `, prose: printablePath(finding.entry) });
  lines.push({ label: `${indent}reason: `, prose: finding.message });
  if (finding.preset !== undefined)
    lines.push({ label: `${indent}level:  `, prose: presetText(finding.preset) });
  if (finding.excepted !== undefined) {
    lines.push(`${indent}excepted by the policy: ${exceptedText(finding)}`);
  }
  return lines;
}

/** The line about findings that were counted but not kept. Empty if there are none. */
export function omittedLines(verdict: Verdict, style: Style): string[] {
  if (verdict.omitted === 0) return [];
  return [style.dim(`  … and ${plural(verdict.omitted, 'more finding')}, not listed`)];
}

/** The remedy for each rule in `findings`, and then the command that approves the exceptions that the repository proposes. */
export function remedyLines(findings: readonly Finding[], format: Format): string[] {
  const shared = new Map<string, Set<string>>();
  for (const finding of findings) {
    const remedy = remedyFor(finding, format);
    shared.set(remedy, (shared.get(remedy) ?? new Set()).add(finding.rule));
  }
  const command = approval(findings);
  return [
    ...[...shared].map(([remedy, ids]) => `  ${[...ids].join(', ')}: ${remedy}`),
    ...(command === undefined ? [] : [`  ${PROPOSED}:`, `    ${command}`]),
  ];
}
