import { rejects } from '../finding/rejects.ts';
import { problemOfFinding, rules, stopsReading } from '../catalogue/index.ts';
import { worstRulesFirst } from '../rules/plain-sentences.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';
import { adviceIn } from './advice.ts';
import { archiveOperand, type ArchiveLocation } from './archive-operand.ts';
import { exceptionHints } from './exception.ts';
import { approval } from './exceptions-used.ts';
import { PROPOSED } from './finding.ts';

/** The text that `--reason` has in a printed command. A user replaces it. */
const REASON = 'why you trust it';
/** Rules in one printed command. */
const RULES_MAX = 5;

/** An action that a user can take after a refusal. */
export interface NextStep {
  readonly title: string;
  /** Commands to paste, or lines of text. Safe for a terminal and for a shell. */
  readonly lines: readonly string[];
}

export interface RefusedArchive extends Omit<ArchiveLocation, 'format'> {
  readonly subject: string;
  readonly verdict: Verdict;
  /** The client is about to upload the archive, and not to install it. */
  readonly isUpload?: boolean | undefined;
}

/**
 * The steps after a rejection, or after a warning to a publisher: see why, read the rules, and let it pass. Publishers also learn how to
 * make a clean archive.
 */
export function nextSteps(refused: RefusedArchive): readonly NextStep[] {
  const { verdict } = refused;
  const isAccepted = verdict.status === 'accept';
  const rejecting = verdict.findings.filter(
    isAccepted ? ({ level }) => level === 'warning' : rejects,
  );
  const ids = worstRulesFirst(rejecting.map(({ rule }) => rule));
  const worstFirst = ids.flatMap((id) => rejecting.filter(({ rule }) => rule === id));
  // Commands that inspect the archive alone would find nothing of these rules. With a name of npm's, they ask the registry as well.
  const needsClaim = verdict.format !== 'npm' && ids.some((id) => rules[id].needsClaim === true);
  // An archive that is about to be published is in no registry yet, so only a file on this machine can be named.
  const archiveLocation = refused.isUpload === true ? { source: refused.source } : refused;
  const operand = needsClaim
    ? undefined
    : archiveOperand({ ...archiveLocation, format: verdict.format });
  const steps: NextStep[] = [];
  if (operand !== undefined)
    steps.push({ title: 'See why', lines: [`tarwarden explain ${operand}`] });
  steps.push({
    title: ids.length === 1 ? 'Read the rule' : 'Read the rules',
    lines: [`tarwarden rules ${ids.slice(0, RULES_MAX).join(' ')}`],
  });
  if (refused.isUpload === true) steps.push(...mending(worstFirst, verdict));
  if (isAccepted) return steps;
  const approve = approval(rejecting);
  if (approve !== undefined) steps.push({ title: PROPOSED, lines: [approve] });
  if (rejecting.every(({ proposed }) => proposed !== undefined)) return steps;
  return [...steps, lettingPass(refused, worstFirst, operand)];
}

/** The advice for the publisher of an archive, for each problem that has some. */
function mending(findings: readonly Finding[], { format }: Verdict): readonly NextStep[] {
  const texts = findings.flatMap((finding) => {
    const advice = problemOfFinding(finding)?.advice;
    return (advice && adviceIn(format, advice).forPublishers) ?? [];
  });
  const lines = [...new Set(texts)].slice(0, RULES_MAX);
  return lines.length === 0 ? [] : [{ title: 'Make an archive that everybody can install', lines }];
}

function lettingPass(
  refused: RefusedArchive,
  rejecting: readonly Finding[],
  operand: string | undefined,
): NextStep {
  const { verdict, subject } = refused;
  const unread = rejecting.find(stopsReading);
  if (unread !== undefined)
    return {
      title: 'No exception can let it pass, because it could not be read to its end',
      lines: [
        adviceIn(verdict.format, (problemOfFinding(unread) ?? rules[unread.rule]).advice).forUsers,
      ],
    };
  if (verdict.omitted > 0)
    return {
      title: 'No exception can let it pass, because it has more findings than are listed',
      lines: ['Do not install it.'],
    };
  const title = 'Let it pass, but only after you have looked at it';
  if (operand !== undefined)
    return { title, lines: [`tarwarden allow ${operand} --reason "${REASON}"`] };
  const hints = exceptionHints(subject, verdict);
  if (hints.length === 0)
    return {
      title: 'No exception can let it pass, because it does not say which package it is',
      lines: ['Do not install it.'],
    };
  return {
    title,
    lines: [
      'add this to "exceptions" in your own policy file (`tarwarden allow --list` shows where it is), with a reason and a date:',
      ...hints,
    ],
  };
}

/** The steps as lines of a message: each title, then its commands, indented. */
export function stepLines(steps: readonly NextStep[]): readonly string[] {
  return steps.flatMap(({ title, lines }) => [
    `  ${title}:`,
    ...lines.map((line) => `    ${line}`),
  ]);
}

/** The steps for a client that shows one line for each. */
export function stepTexts(steps: readonly NextStep[]): readonly string[] {
  return steps.map(({ title, lines }) => `${title}: ${lines.join('; ')}`);
}
