import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { formatBlock, isQuiet, recordOf, type ScanError } from '@tarwarden/core/report';
import type { Policy } from '@tarwarden/core';
import { escapedJson, plural, printable, printablePath } from '@tarwarden/core/text';
import { unpackAny, UnpackError } from '@tarwarden/guard';
import { onSignals } from '@tarwarden/guard/signals';
import { wantsColour } from '../../colour.ts';
import {
  type Call,
  rememberRejection,
  tell,
  write,
  UsageError,
} from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import { notInspectedText, OperandArchives, type OperandArchive } from '../../archives/operands.ts';
import { policyIn } from '../../working-folder.ts';
import { readArchive } from '@tarwarden/guard/inspect-file';

/** Version of the JSON document's shape. Raised when a key changes its meaning or goes away. */
const SCHEMA = 1;

type Result = ReturnType<typeof unpackAny>;

interface Failure {
  readonly status: 'error';
  readonly error: { readonly code: string; readonly message: string };
}

type UnpackCall = Call<typeof definition.options>;

/** `tarwarden unpack ARCHIVE DIR`: inspects one archive and writes it to a new folder, or refuses it. */
export async function unpackCommand(call: UnpackCall): Promise<number> {
  const { values, operands } = call;
  const [operand = '', destination = ''] = operands;
  const { policy } = policyIn();
  const isDocument = values.reporter === 'json';
  const archives = new OperandArchives({ command: 'unpack', values, policy, isDocument });
  try {
    archives.check([operand]);
    const archive = theOnly(await archives.all(operand));
    const result = await unpacked(archive, { destination, policy });
    const refused = result.status === 'refused' || isNotPlain(result);
    if (refused) rememberRejection();
    if (isDocument) await write(`${escapedJson(documentOf(archive, destination, result))}\n`);
    else await report(archive, result, call);
    if (refused) return 1;
    return result.status === 'error' ? 2 : 0;
  } finally {
    archives.dispose();
  }
}

/** @throws UsageError for a package that has several archives: one folder takes one of them. */
function theOnly(archives: readonly OperandArchive[]): OperandArchive {
  const [first, ...otherArchives] = archives.flatMap((archive) =>
    'error' in archive ? [] : [archive],
  );
  if (first === undefined) return archives[0]!;
  if (otherArchives.length === 0) return first;
  const names = [first, ...otherArchives].map(({ shown, fetched }) =>
    printable(fetched?.file ?? shown),
  );
  const problem = `this version has several archives for this machine. Name one by --file: ${names.join(', ')}`;
  throw new UsageError(problem, 'unpack');
}

async function unpacked(
  archive: OperandArchive,
  { destination, policy }: { readonly destination: string; readonly policy: Policy },
): Promise<Result | Failure> {
  if ('error' in archive) return failed(archive.error);
  const { path, inspection } = archive;
  const bytes = readArchive(path);
  if (!(bytes instanceof Uint8Array)) return failed(bytes);
  // Signals wait until unpacking is done. It is short, and a signal in the middle would leave its folder behind.
  const stop = onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], () => undefined);
  try {
    return unpackAny(bytes, destination, { policy, fileName: basename(path), ...inspection });
  } catch (error) {
    if (error instanceof UnpackError) return failed(error);
    throw error;
  } finally {
    await setImmediate();
    stop();
  }
}

function failed({ code, message }: ScanError | UnpackError): Failure {
  return { status: 'error', error: { code, message } };
}

/** Whether the archive and not the disk is the problem. That counts as rejected. */
function isNotPlain(result: Result | Failure): boolean {
  return result.status === 'error' && result.error.code === 'NOT_PLAIN';
}

function shownName(archive: OperandArchive): string {
  return 'error' in archive ? archive.path : archive.shown;
}

function documentOf(
  archive: OperandArchive,
  destination: string,
  result: Result | Failure,
): object {
  const path = shownName(archive);
  const fetched = 'fetched' in archive ? { fetched: archive.fetched } : {};
  const head = { schema: SCHEMA, path, destination, ...fetched };
  if (result.status === 'error') {
    const { error } = result;
    const status = isNotPlain(result) ? 'refused' : 'error';
    return { ...head, format: null, status, sha512: null, findings: [], error };
  }
  const { status, verdict, ...facts } = result;
  const { format, sha512, findings, omitted } = recordOf({ path, verdict });
  const omittedField = omitted === undefined ? {} : { omitted };
  return { ...head, format, status, sha512, findings, ...omittedField, ...facts };
}

async function report(
  archive: OperandArchive,
  result: Result | Failure,
  { values, operands }: UnpackCall,
): Promise<void> {
  const file = shownName(archive);
  if (result.status === 'error') {
    const { message } = result.error;
    tell('error' in archive ? notInspectedText(archive) : `${printablePath(file)}: ${message}`);
    return;
  }
  if (!isQuiet(result.verdict)) {
    const fetched = 'fetched' in archive ? archive.fetched : undefined;
    const block = formatBlock({
      subject: values.package ?? file,
      source: fetched?.address ?? file,
      // With the name of a package, the printed commands fetch it again.
      expected: fetched && 'inspection' in archive ? archive.inspection.expected : undefined,
      isOfOwnIndex: fetched !== undefined && !fetched.package.includes('://'),
      verdict: result.verdict,
      colour: wantsColour(values.color, process.stderr),
    });
    process.stderr.write(`${block}\n`);
  }
  if (result.status === 'refused') return;
  const { files, folders, bytes } = result;
  const counts = `${plural(files, 'file')}, ${plural(folders, 'folder')}, ${plural(bytes, 'byte')}`;
  const [from, to] = [printablePath(file), printablePath(operands[1] ?? '')];
  await write(`unpacked ${from} into ${to}: ${counts}\n`);
}
