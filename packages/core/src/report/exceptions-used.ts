import type { HeldException } from '../policy/policy.ts';
import type { Approver, Finding, Level } from '../finding/verdict.ts';
import { printable, printablePath } from '../text/printable.ts';

/** Characters of a reason on a line. */
const REASON_CHARS = 1024;
/** Hashes in a command that a refusal shows. */
const HASHES_MAX = 10;

const APPROVED_BY: Readonly<Record<Approver, string>> = {
  machine: 'from the policy of this machine',
  user: 'from your own policy file',
  'repository+user': 'proposed by the repository, approved by you',
};

/**
 * One line for each exception that was used for an archive: package, rule, entry, last day, who approved it, and the reason. Empty if
 * no exception was used. Safe for a terminal.
 */
export function exceptionLines({
  findings,
}: {
  readonly findings: readonly ReportedFinding[];
}): readonly string[] {
  const exceptedFindings = findings.filter(
    ({ level, excepted }) => level === 'error' && excepted !== undefined,
  );
  return [...new Set(exceptedFindings.map(exceptionLine))];
}

/** The same kind of line for an exception in a policy. */
export function heldExceptionLine(heldException: HeldException): string {
  const { package: name, rule, entry, expires, approvedBy = 'user', reason } = heldException;
  const exception = { package: name, expires, approvedBy };
  return exceptionLine({ rule, entry, excepted: reason, exception });
}

type Excepted = Pick<Finding, 'excepted' | 'exception'>;

/** A finding of a verdict, or of a record for a report. */
interface ReportedFinding extends Excepted {
  readonly rule: string;
  readonly level: Level;
  readonly entry?: string | null | undefined;
}

function exceptionLine(finding: Omit<ReportedFinding, 'level'>): string {
  const { rule, entry, exception } = finding;
  const inEntry = entry === undefined || entry === null ? '' : ` in ${printablePath(entry)}`;
  const name = exception === undefined ? 'a package' : printable(exception.package);
  return `exception used: ${name}: ${rule}${inEntry}, ${exceptedText(finding)}`;
}

/** The text that a report shows for the exception that covers a finding. Safe for a terminal. */
export function exceptedText({ excepted = '', exception }: Excepted): string {
  const reason = printable(excepted, REASON_CHARS);
  if (exception === undefined) return reason;
  const { expires, approvedBy } = exception;
  return `until ${printable(expires)}, ${APPROVED_BY[approvedBy]}; reason: ${reason}`;
}

/**
 * The command that approves the exceptions that the repository proposes for these findings. Undefined if it proposes none. If there are
 * many, the command lists them and asks.
 */
export function approval(findings: readonly Finding[]): string | undefined {
  const hashes = [...new Set(findings.flatMap(({ proposed }) => proposed ?? []))];
  if (hashes.length === 0) return undefined;
  return ['tarwarden allow --approve', ...(hashes.length > HASHES_MAX ? [] : hashes)].join(' ');
}
