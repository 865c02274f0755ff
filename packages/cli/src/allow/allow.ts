import type { Exception, Policy } from '@tarwarden/core';
import { dayOf, formatIdentity, type PackageIdentity } from '@tarwarden/core/policy';
import { packageToAllow } from '@tarwarden/core/report';
import { escapedJson, printable, printablePath } from '@tarwarden/core/text';
import { loadPolicy, projectPolicyTarget, userPolicyTarget } from '@tarwarden/host';
import type { Call } from '../command-line/definition.ts';
import type { ALLOW_OPTIONS } from '../commands/allow.ts';
import { expectedPackage } from '../expected-package.ts';
import { tell, write } from '../output.ts';
import { inspectFile } from '../scan/inspect-file.ts';
import { UsageError } from '../usage-error.ts';
import { lastDay } from './expiry.ts';
import { readReport, rejectedIn } from './from-report.ts';
import { listExceptions } from './list.ts';
import { PolicyDocument } from './policy-document.ts';
import { pruneExceptions } from './prune.ts';
import { proposed, type Candidate } from './propose.ts';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

type AllowCall = Call<typeof ALLOW_OPTIONS>;

/** `tarwarden allow`: exceptions are written for what was found in archives; or listed; or removed when they have expired. */
export async function allow(call: AllowCall): Promise<number> {
  const { values, operands } = call;
  const adds = [operands.length > 0, values.from !== undefined];
  const actions = [...adds, values.list === true, values.prune === true];
  if (actions.filter(Boolean).length !== 1)
    throw new UsageError('name archives, or --from, or --list, or --prune: one of them', 'allow');
  const { policy, warnings } = loadPolicy({ cwd: process.cwd(), env: process.env });
  // The list shows them, and pruning removes them.
  if (adds.includes(true)) for (const warning of warnings) tell(`warning: ${warning}`);
  const own = new PolicyDocument(userPolicyTarget(process.env));
  const project = new PolicyDocument(projectPolicyTarget(process.cwd()));
  const today = dayOf(Date.now());
  if (values.list === true)
    return listExceptions([own, project], { today, json: values.reporter === 'json' });
  const target = values.user === true ? own : project;
  if (values.prune === true)
    return pruneExceptions(target, { today, dryRun: values['dry-run'] === true });
  return addExceptions(call, { target, policy });
}

async function addExceptions(
  call: AllowCall,
  { target, policy }: { readonly target: PolicyDocument; readonly policy: Policy },
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
    if (!dryRun) target.write(text);
  }
  await report(added, { path: target.path, dryRun, json: values.reporter === 'json' });
  return 0;
}

/** What `--package` says, if it is one exact version: an exception for another never holds. */
function identity(values: AllowCall['values']): PackageIdentity | undefined {
  const expected = expectedPackage('allow', values);
  if (expected === undefined || /^v?\d/.test(expected.version)) return expected;
  throw new UsageError('--package takes one exact version, not a range or a tag', 'allow');
}

type Said = Pick<Exception, 'reason' | 'expires'>;

type Added =
  | { readonly code: 0; readonly added: readonly Exception[] }
  | { readonly code: 1 | 2; readonly problem: string };

/** Exceptions for archives at hand, each inspected once more with them. */
function ofArchives(
  { values, operands }: AllowCall,
  { said, policy }: { readonly said: Said; readonly policy: Policy },
): Added {
  const expected = identity(values);
  const job = {
    ...(values.format && { format: values.format }),
    ...(expected && { expected }),
  };
  const added: Exception[] = [];
  for (const file of operands) {
    const result = inspectFile(file, { ...job, policy });
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
    const again = inspectFile(file, { ...job, policy: { ...policy, exceptions } });
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
  const all = rejectedIn(text).filter((one) => wanted === undefined || one.package === wanted);
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
  const names = new Set(all.map((one) => printable(one.package ?? '')));
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
  for (const one of added) {
    const where = one.entry === undefined ? '' : ` in ${printable(one.entry)}`;
    await write(
      `${one.rule}${where}: allowed for ${printable(one.package)} until ${one.expires}\n`,
    );
  }
  const file = printablePath(path);
  await write(dryRun ? `would be written to ${file}\n` : `written to ${file}\n`);
}
