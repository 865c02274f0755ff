import { printable, redactUrl } from '../text/printable.ts';
import type { Verdict } from '../finding/verdict.ts';
import { lineText } from '../text/wrap.ts';
import { exceptionHint } from './exception.ts';
import {
  byWeight,
  findingLines,
  omittedLines,
  rejects,
  remedyLines,
  ruleReference,
} from './finding.ts';
import { ANSI, PLAIN, type Style } from '../text/style.ts';

export interface BlockOptions {
  /** The inspected package: `name@version` if the manager knows it, else the spec or the path. Escaped here. */
  readonly subject: string;
  /** The URL or path of the archive. Credentials are masked here. */
  readonly source?: string | undefined;
  readonly verdict: Verdict;
  /** The archive is rejected and still installed, because the policy only reports. */
  readonly wouldBe?: boolean | undefined;
  /** Whether to use ANSI colours. Off by default. */
  readonly colour?: boolean | undefined;
}

/**
 * The text that an adapter prints about an archive that it refuses or warns about: the package, its source, each finding, the advice,
 * and how to write an exception. Several lines, the last without a line feed. Safe for a terminal.
 */
export function formatBlock(options: BlockOptions): string {
  const { subject, source, verdict } = options;
  const style = options.colour === true ? ANSI : PLAIN;
  const lines = [headline(options, style)];
  if (source !== undefined) lines.push(`  source:    ${redactUrl(source)}`);
  lines.push(`  integrity: ${verdict.archive.integrity}`, '');
  for (const finding of byWeight(verdict.findings))
    lines.push(...findingLines(finding, style).map(lineText));
  lines.push(...omittedLines(verdict, style));
  if (verdict.status === 'reject') lines.push('', ...advice(subject, verdict, style));
  return lines.join('\n');
}

function headline({ subject, verdict, wouldBe }: BlockOptions, style: Style): string {
  const name = style.bold(printable(redactUrl(subject)));
  if (verdict.status === 'accept') return `${style.yellow('tarwarden: accepted')} ${name}`;
  if (wouldBe === true)
    return `${style.red('tarwarden: REPORT ONLY: would refuse')} ${name}: this archive is not safe to unpack, and is installed`;
  return `${style.red('tarwarden: refused')} ${name}: this archive is not safe to unpack`;
}

function advice(subject: string, verdict: Verdict, style: Style): string[] {
  const rejecting = verdict.findings.filter(rejects);
  const lines = [style.bold('What to do'), ...remedyLines(rejecting, verdict.format)];
  for (const rule of new Set(rejecting.map((finding) => finding.rule))) {
    lines.push(style.dim(`  more: ${ruleReference(rule)}`));
  }
  const hint = exceptionHint(subject, verdict);
  if (hint === undefined) return lines;
  lines.push(
    style.bold('If you have looked at this archive and trust it'),
    '  add this to "exceptions" in your own policy file, one for each finding, with a reason and a date; or to those in',
    '  tarwarden.json, and approve it: tarwarden allow --approve',
    `  ${hint}`,
  );
  return lines;
}
