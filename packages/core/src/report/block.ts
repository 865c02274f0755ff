import { rejects } from '../finding/rejects.ts';
import { rules } from '../catalogue/index.ts';
import { printable, redactUrl } from '../text/printable.ts';
import type { Verdict } from '../finding/verdict.ts';
import { lineText } from '../text/wrap.ts';
import { plainSentence } from '../rules/plain-sentences.ts';
import type { ExpectedPackage } from '../finding/expected.ts';
import { byWeight, findingLines, omittedLines } from './finding.ts';
import { nextSteps, stepLines } from './next-steps.ts';
import { ANSI, PLAIN, type Style } from '../text/style.ts';

export interface BlockOptions {
  /** The inspected package: `name@version` if the manager knows it, else the spec or the path. Escaped here. */
  readonly subject: string;
  /** The URL or path of the archive. Credentials are masked here. */
  readonly source?: string | undefined;
  /** The package that a registry promised, by which the printed commands name it. */
  readonly expected?: ExpectedPackage | undefined;
  /** Whether the archive comes from an index of the user's own settings, where `NAME@VERSION` looks. */
  readonly isOfOwnIndex?: boolean | undefined;
  readonly verdict: Verdict;
  /** The archive is rejected and still installed, because the policy only reports. */
  readonly wouldBe?: boolean | undefined;
  /** The client is about to upload the archive, and not to install it. */
  readonly isUpload?: boolean | undefined;
  /** Whether to use ANSI colours. Off by default. */
  readonly colour?: boolean | undefined;
}

/**
 * The text that an adapter prints about an archive that it refuses or warns about: the package, what is wrong in one plain sentence, its
 * source, each finding, and the commands with which the user goes on. Several lines, the last without a line feed. Safe for a terminal.
 */
export function formatBlock(options: BlockOptions): string {
  const { source, verdict } = options;
  const style = options.colour === true ? ANSI : PLAIN;
  const lines = [headline(options, style)];
  const plain = plainSentence(verdict.findings.filter(rejects).map(({ rule }) => rule));
  if (plain !== undefined) lines.push(`  ${plain}`);
  if (source !== undefined) lines.push(`  source:    ${redactUrl(source)}`);
  lines.push(`  integrity: ${verdict.archive.integrity}`, '');
  for (const finding of byWeight(verdict.findings))
    lines.push(...findingLines(finding, style).map(lineText));
  lines.push(...omittedLines(verdict, style));
  if (verdict.status === 'reject' || options.isUpload === true)
    lines.push('', style.bold('What to do'), ...stepLines(nextSteps(options)));
  return lines.join('\n');
}

function headline({ subject, verdict, wouldBe, isUpload }: BlockOptions, style: Style): string {
  const name = style.bold(printable(redactUrl(subject)));
  if (verdict.status === 'accept') return `${style.yellow('tarwarden: accepted')} ${name}`;
  const [use, done] = isUpload === true ? [' to publish', 'published'] : ['', 'installed'];
  if (wouldBe === true)
    return `${style.red(`tarwarden: REPORT ONLY: would refuse${use}`)} ${name}: ${problem(verdict)}, and is ${done}`;
  return `${style.red(`tarwarden: refused${use}`)} ${name}: ${problem(verdict)}`;
}

/** The first problem in a few words. An archive that only a preset rejects has no defect, and words of an index say nothing about unpacking. */
function problem({ findings }: Verdict): string {
  const rejecting = findings.filter(rejects);
  const [first] = rejecting;
  if (first !== undefined && rejecting.every(({ preset }) => preset !== undefined))
    return `this archive has something that the preset ${printable(first.preset?.name ?? '')} refuses`;
  const isClaimed = first !== undefined && rejecting.every(({ rule }) => rules[rule].needsClaim);
  return isClaimed
    ? 'its registry, index or lockfile contradicts it'
    : 'this archive is not safe to unpack';
}
