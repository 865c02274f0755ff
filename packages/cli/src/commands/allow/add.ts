/* `tarwarden allow` with a package or a file: writes exceptions for what was found. */
import type { Exception, Policy, RuleId } from '@tarwarden/core';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { type Call, tell, write, UsageError } from '@tarwarden/host/command-line';
import { inspectedCandidates, whereText, type AllowedArchive } from './candidates.ts';
import type { ALLOW_OPTIONS } from './definition.ts';
import type { PolicyDocument } from './policy-document.ts';
import { lastDay } from './propose.ts';
import { answerTo, canAsk, isAnsweredYes } from '../../ask.ts';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

type AllowCall = Call<typeof ALLOW_OPTIONS>;

interface AddOptions {
  readonly target: PolicyDocument;
  readonly policy: Policy;
  /** The rules for which no exception of this user counts. */
  readonly withoutExceptions?: ReadonlySet<RuleId>;
}

export async function addExceptions(
  call: AllowCall,
  { target, policy, withoutExceptions = new Set() }: AddOptions,
): Promise<0 | 1 | 2> {
  const { values } = call;
  const expires = lastDay(values.expires, Date.now());
  const given = values.reason?.trim() ?? '';
  if (given === '' && !canAsk()) throw new UsageError("say why: --reason 'TEXT'", 'allow');
  const found = await inspectedCandidates(call, { policy, withoutExceptions });
  if (found.code !== 0) {
    tell(found.problem);
    return found.code;
  }
  const shown = { path: target.path, json: values.reporter === 'json' };
  const { archives } = found;
  if (archives.every(({ findings }) => findings.length === 0)) {
    await report([], { ...shown, archives });
    return 0;
  }
  const isSure = values.yes === true;
  if (!isSure || canAsk()) tellFindings(archives, { path: target.path, expires });
  if (!isSure && !canAsk()) throw new UsageError(unaskedText(archives), 'allow');
  const reason = given === '' ? await answerTo('Why may it be installed all the same? ') : given;
  if (reason === '') throw new UsageError("say why: --reason 'TEXT'", 'allow');
  if (!isSure && !(await isAnsweredYes('Have you looked at it, and do you allow it?'))) {
    tell('nothing was written');
    return 1;
  }
  const added = archives.flatMap((archive) => archive.exceptionsFor({ reason, expires }));
  target.write(target.withAdded(added));
  await report(added, { ...shown, archives });
  return 0;
}

function unaskedText(archives: readonly AllowedArchive[]): string {
  const rejected = archives.find(({ findings }) => findings.length > 0)!;
  const name = printablePath(rejected.fetched?.package ?? rejected.shown);
  return `nothing was written, because nobody can be asked here. Look at the archive (tarwarden explain ${name}), then add --yes`;
}

/** Findings that are shown of one archive before the question. */
const SHOWN_MAX = 10;

function tellFindings(
  archives: readonly AllowedArchive[],
  { path, expires }: { readonly path: string; readonly expires: string },
): void {
  for (const { shown, findings, sha512 } of archives) {
    if (findings.length === 0) continue;
    const rest = findings.length - SHOWN_MAX;
    tell(
      [
        `${printablePath(shown)} is rejected for ${plural(findings.length, 'finding')}:`,
        ...findings.slice(0, SHOWN_MAX).map((line) => `  ${line}`),
        ...(rest > 0 ? [`  and ${rest} more`] : []),
        `  sha512 ${sha512}`,
      ].join('\n'),
    );
  }
  tell(
    `if you allow it, exceptions for exactly these bytes are written to ${printablePath(path)}. They hold until ${expires}`,
  );
}

interface ReportOptions {
  readonly path: string;
  readonly json: boolean;
  readonly archives: readonly AllowedArchive[];
}

async function report(
  added: readonly Exception[],
  { path, json, archives }: ReportOptions,
): Promise<void> {
  if (json) {
    const written = added.length > 0;
    const facts = archives.map(({ shown, sha512, fetched = null }) => {
      return { path: shown, sha512, fetched };
    });
    const document = { schema: SCHEMA, path, written, exceptions: added, archives: facts };
    await write(`${escapedJson(document)}\n`);
    return;
  }
  if (added.length === 0) {
    await write('nothing to allow: no finding rejects it\n');
    return;
  }
  for (const { rule, entry, package: name, expires } of added)
    await write(`${whereText(rule, entry)}: allowed for ${printable(name)} until ${expires}\n`);
  await write(`written to ${printablePath(path)}\n`);
}
