import manifest from '../../../package.json' with { type: 'json' };
import type { Policy } from '@tarwarden/core';
import {
  claimedPackage,
  formatIdentity,
  unmatchedExceptions,
  type InspectedPackage,
} from '@tarwarden/core/policy';
import {
  exitCodeOf,
  jsonReporter,
  ndjsonReporter,
  NOTHING_SCANNED,
  sarifReporter,
  summarise,
  textReporter,
  type Reporter,
} from '@tarwarden/core/report';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { styleFor } from '../../colour.ts';
import {
  type Call,
  type Values,
  rememberRejection,
  write,
  writeResult,
  UsageError,
} from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import { policyIn, sourceFolders } from '../../working-folder.ts';
import { inputsOf, type Input, type WalkNotes } from '../../archives/inputs.ts';
import { expectedPackage, fetchedOperand, OperandArchives } from '../../archives/operands.ts';
import { inspectAll, inspectingThread } from '../../archives/pool.ts';
import { startProgress } from '../../archives/progress.ts';

/** The most bytes of a list. A million paths fit. */
const MAX_LIST_BYTES = 256 * 1024 * 1024;

/** The paths of a list. If it contains a NUL, NULs separate them, otherwise line ends do. Empty paths are left out. */
export function splitPaths(list: string): string[] {
  const separator = list.includes('\0') ? '\0' : process.platform === 'win32' ? /\r?\n/ : '\n';
  return list.split(separator).filter((path) => path !== '');
}

export async function readPaths(stream: AsyncIterable<Buffer>): Promise<string[]> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_LIST_BYTES)
      throw new UsageError('the list on standard input is too long', 'scan');
    chunks.push(chunk);
  }
  return splitPaths(Buffer.concat(chunks).toString('utf8'));
}

type Options = typeof definition.options;

/** `tarwarden scan`: inspects archives, and reports each in the order in which they were named. */
export async function scan({ values, operands, mainUrl }: Call<Options>): Promise<number> {
  const reporter = reporterFor(values);
  const { format, links } = values;
  const expected = expectedPackage('scan', values);
  const loaded = policyIn();
  const policy = links === undefined ? loaded.policy : { ...loaded.policy, links };
  const isDocument = values.reporter !== 'text';
  const archives = new OperandArchives({ command: 'scan', values, policy, isDocument });
  archives.check(operands);
  if (operands.filter((path) => path === '-').length > 1) {
    throw new UsageError('"-" can be named once', 'scan');
  }

  const notes: WalkNotes = { linkedFolders: 0, empty: [] };
  const inspected = packagesWithExceptions(
    policy,
    formatIdentity(expected?.name, expected?.version),
  );
  const progress = startProgress(process.stderr);
  let summary = NOTHING_SCANNED;
  await write(reporter.start());
  let total: number | undefined;
  try {
    const countedInputs = counted(
      inputs(operands, { notes, archives }),
      (count) => (total = count),
    );
    for await (const result of inspectAll(countedInputs, {
      inspection: { policy, ...(format && { format }), ...(expected && { expected }) },
      startThread: inspectingThread(mainUrl),
    })) {
      const previous = summary;
      summary = summarise(previous, result);
      if (summary.rejected > 0) rememberRejection();
      if ('verdict' in result) inspected.add(result.verdict);
      const text = reporter.result(result);
      if (text !== '') progress.clear();
      const isInOrder = summary.rejected + summary.errors === previous.rejected + previous.errors;
      await writeResult(text, { isInOrder });
      progress.update(summary.files, total);
    }
  } finally {
    archives.dispose();
  }
  progress.clear();
  await write(reporter.end(summary));
  tellNotes(notes, inspected.list, policy);
  const code = exitCodeOf(summary);
  return code === 0 && notes.empty.length > 0 ? 2 : code;
}

async function* inputs(
  operands: readonly string[],
  { notes, archives }: { readonly notes: WalkNotes; readonly archives: OperandArchives },
): AsyncGenerator<Input> {
  for (const operand of operands) {
    if (operand === '-')
      for (const path of await readPaths(process.stdin)) yield* inputsOf(path, notes);
    else if (fetchedOperand('scan', operand) === undefined) yield* inputsOf(operand, notes);
    else yield* archives.of(operand);
  }
}

/** The number of files is known when all of them are listed. */
async function* counted(
  source: AsyncIterable<Input>,
  onEnd: (count: number) => void,
): AsyncGenerator<Input> {
  let count = 0;
  for await (const input of source) {
    count += 1;
    yield input;
  }
  onEnd(count);
}

function reporterFor(values: Values<Options>): Reporter {
  switch (values.reporter) {
    case 'json':
      return jsonReporter();
    case 'ndjson':
      return ndjsonReporter;
    case 'sarif':
      return sarifReporter({ version: manifest.version, ...sourceFolders() });
    case 'text':
      return textReporter(styleFor(values.color, process.stdout));
  }
}

/** Keeps the verdicts of packages that an exception names. The others do not matter, and there may be many. */
function packagesWithExceptions(
  policy: Policy,
  packageName: string | undefined,
): { list: InspectedPackage[]; add(verdict: InspectedPackage['verdict']): void } {
  const list: InspectedPackage[] = [];
  const names = new Set(policy.exceptions.map((exception) => exception.package));
  return {
    list,
    add(verdict) {
      const name = packageName ?? claimedPackage(verdict);
      if (name !== undefined && names.has(name)) list.push({ package: name, verdict });
    },
  };
}

function tellNotes(notes: WalkNotes, inspected: readonly InspectedPackage[], policy: Policy): void {
  const tell = (text: string): void => void process.stderr.write(`tarwarden: ${text}\n`);
  for (const folder of notes.empty) tell(`no archive found in ${printablePath(folder)}`);
  if (notes.linkedFolders > 0) {
    tell(`${plural(notes.linkedFolders, 'linked folder')} not entered`);
  }
  for (const exception of unmatchedExceptions(policy, inspected)) {
    tell(
      `warning: the exception for ${printable(exception.package)} (${exception.rule}) matches nothing in that package; remove it`,
    );
  }
}
