import type { Exception, Policy } from '@tarwarden/core';
import { dayOf, formatIdentity, type PackageIdentity } from '@tarwarden/core/policy';
import { packageToAllow } from '@tarwarden/core/report';
import { escapedJson, printable, printablePath } from '@tarwarden/core/text';
import { loadPolicy, projectPolicyTarget, userPolicyTarget } from '@tarwarden/host';
import { type Call, tell, write, UsageError } from '@tarwarden/host/command-line';
import type { ALLOW_OPTIONS } from './definition.ts';
import { expectedPackage } from '../../archives/expected-package.ts';
import { scanFile } from '@tarwarden/host/inspect-file';
import { approvalOf, ApprovalsDocument } from './approvals.ts';
import { approveExceptions } from './approve.ts';
import { readReport, rejectedIn } from './from-report.ts';
import { listExceptions } from './list.ts';
import { PolicyDocument } from './policy-document.ts';
import { lastDay, proposed, type Candidate } from './propose.ts';
import { pruneExceptions, removeExceptions } from './remove.ts';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

type AllowCall = Call<typeof ALLOW_OPTIONS>;

/** `tarwarden allow`: writes exceptions for what was found in archives, and lists, approves, removes and prunes exceptions. */
export async function allow(call: AllowCall): Promise<number> {
  const { values, operands } = call;
  const others = [values.approve, values.remove, values.list, values.prune].map(Boolean);
  const [approves, removes] = others;
  const takesHashes = approves === true || removes === true;
  const adds = [operands.length > 0 && !takesHashes, values.from !== undefined];
  if ([...adds, ...others].filter(Boolean).length !== 1)
    throw new UsageError(
      'name archives, or --from, --approve, --remove, --list or --prune: one of them',
      'allow',
    );
  const cwd = process.cwd();
  const { policy, warnings } = loadPolicy({ cwd, env: process.env });
  // The list shows these warnings, and pruning removes their causes.
  if (adds.includes(true)) for (const warning of warnings) tell(`warning: ${warning}`);
  const own = new PolicyDocument(userPolicyTarget(process.env));
  const project = new PolicyDocument(projectPolicyTarget(cwd));
  const approvals = new ApprovalsDocument(process.env, cwd);
  const today = dayOf(Date.now());
  const json = values.reporter === 'json';
  const dryRun = values['dry-run'] === true;
  if (values.list === true) return listExceptions({ own, project, approvals, today, json });
  const hashes = operands;
  if (approves === true) {
    const isSure = values.yes === true;
    return approveExceptions({ policy, approvals, hashes, isSure, json, dryRun });
  }
  const target = values.user === true ? own : project;
  if (removes === true)
    return removeExceptions({
      document: target,
      approvals,
      hashes,
      package: values.package,
      dryRun,
    });
  if (values.prune === true) return pruneExceptions(target, { approvals, today, dryRun });
  return addExceptions(call, { target, policy, ...(target === project && { approvals }) });
}

async function addExceptions(
  call: AllowCall,
  {
    target,
    policy,
    approvals,
  }: {
    readonly target: PolicyDocument;
    readonly policy: Policy;
    /** Absent if the exceptions are the user's own, which need no approval. */
    readonly approvals?: ApprovalsDocument;
  },
): Promise<number> {
  const { values } = call;
  const expires = lastDay(values.expires, Date.now());
  const reason = values.reason?.trim() ?? '';
  if (reason === '') throw new UsageError("say why: --reason 'TEXT'", 'allow');
  const said = { reason, expires };
  const result =
    values.from === undefined
      ? ofArchives(call, { said, policy })
      : ofReport(values.from, { said, named: identity(values) });
  if (result.code !== 0) {
    tell(result.problem);
    return result.code;
  }
  const { added } = result;
  const dryRun = values['dry-run'] === true;
  if (added.length > 0) {
    const text = target.withAdded(added);
    if (!dryRun) {
      // The user who writes an exception also approves it. Without an approval, the exception would not count.
      approvals?.add(added.map(approvalOf));
      target.write(text);
    }
  }
  await report(added, { path: target.path, dryRun, json: values.reporter === 'json' });
  return 0;
}

/** The package of `--package`, if it is one exact version. An exception for anything else would never hold. */
function identity(values: AllowCall['values']): PackageIdentity | undefined {
  const expected = expectedPackage('allow', values);
  if (expected === undefined || /^v?\d/.test(expected.version)) return expected;
  throw new UsageError('--package takes one exact version, not a range or a tag', 'allow');
}

type Said = Pick<Exception, 'reason' | 'expires'>;

type Added =
  | { readonly code: 0; readonly added: readonly Exception[] }
  | { readonly code: 1 | 2; readonly problem: string };

/** Exceptions for archive files. Each archive is inspected again with them. */
function ofArchives(
  { values, operands }: AllowCall,
  { said, policy }: { readonly said: Said; readonly policy: Policy },
): Added {
  const expected = identity(values);
  const inspection = {
    ...(values.format && { format: values.format }),
    ...(expected && { expected }),
  };
  const added: Exception[] = [];
  for (const file of operands) {
    const result = scanFile(file, { ...inspection, policy });
    if ('error' in result) return failed(2, file, `not inspected: ${result.error.message}`);
    const { findings, omitted, archive } = result.verdict;
    const name = packageToAllow(
      formatIdentity(expected?.name, expected?.version) ?? '',
      result.verdict,
    );
    const candidate = { package: name, sha512: archive.sha512, findings, omitted };
    const proposal = proposed(candidate, said);
    if (proposal.refused !== undefined) return failed(1, file, proposal.refused);
    added.push(...proposal.exceptions);
    const exceptions = [...policy.exceptions, ...added];
    const again = scanFile(file, { ...inspection, policy: { ...policy, exceptions } });
    if ('error' in again || again.verdict.status !== 'accept')
      return failed(2, file, 'it changed while it was looked at');
  }
  return { code: 0, added };
}

/** Exceptions for one archive of a report. */
function ofReport(
  file: string,
  { said, named }: { readonly said: Said; readonly named: PackageIdentity | undefined },
): Added {
  const text = readReport(file);
  if (text === undefined) return failed(2, file, 'it is not a file that can be read');
  const wanted = named === undefined ? undefined : `${named.name}@${named.version}`;
  const all = rejectedIn(text).filter(
    (archive) => wanted === undefined || archive.package === wanted,
  );
  const [first, ...others] = all;
  if (first === undefined) return failed(2, file, `it lists no rejected archive${of(wanted)}`);
  if (others.length > 0) return failed(2, file, severalIn(all));
  const proposal = proposed(first, said);
  if (proposal.refused !== undefined) return failed(1, file, proposal.refused);
  return { code: 0, added: proposal.exceptions };
}

function of(wanted: string | undefined): string {
  return wanted === undefined ? '' : ` of ${printable(wanted)}`;
}

function severalIn(all: readonly Candidate[]): string {
  const names = new Set(all.map((archive) => printable(archive.package ?? '')));
  if (names.size === 1) return `it lists ${all.length} different archives as ${[...names].join()}`;
  return `several archives were rejected, so add --package with one of: ${[...names].slice(0, 20).join(', ')}`;
}

function failed(code: 1 | 2, file: string, problem: string): Added {
  return { code, problem: `${printablePath(file)}: ${problem}` };
}

interface Shown {
  readonly path: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function report(added: readonly Exception[], { path, dryRun, json }: Shown): Promise<void> {
  if (json) {
    const written = !dryRun && added.length > 0;
    await write(`${escapedJson({ schema: SCHEMA, path, written, exceptions: added })}\n`);
    return;
  }
  if (added.length === 0) {
    await write('nothing to allow: no finding rejects it\n');
    return;
  }
  for (const exception of added) {
    const where = exception.entry === undefined ? '' : ` in ${printable(exception.entry)}`;
    await write(
      `${exception.rule}${where}: allowed for ${printable(exception.package)} until ${exception.expires}\n`,
    );
  }
  const file = printablePath(path);
  await write(dryRun ? `would be written to ${file}\n` : `written to ${file}\n`);
}
