import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable } from '@tarwarden/core/text';
import {
  examine,
  exitCodeOf,
  jsonReport,
  loadRecords,
  ndjsonReport,
  probe,
  RecordSetError,
  subjectsFor,
  textReport,
  thisMachine,
  type Examination,
  type Machine,
  type Probe,
} from '@tarwarden/doctor';
import { makeTemporaryFolder, type TemporaryFolder } from '@tarwarden/guarded-run';
import { styleFor } from '../colour.ts';
import type { Call, Values } from '../command-line/definition.ts';
import type { DOCTOR_OPTIONS } from '../commands/doctor.ts';
import { rememberRejection, write } from '../output.ts';
import { UsageError } from '../usage-error.ts';

type Options = typeof DOCTOR_OPTIONS;

/** `tarwarden doctor`: known holes in what unpacks archives here. */
export async function doctor({ values, operands, mainUrl }: Call<Options>): Promise<number> {
  const temporary = makeTemporaryFolder({ prefix: 'tarwarden-doctor-' });
  try {
    const emptyFolder = join(temporary.path, 'empty');
    mkdirSync(emptyFolder, { mode: 0o700 });
    const folders = operands.length === 0 ? ['.'] : operands;
    const machine = thisMachine({ env: process.env, projects: ['.', ...folders], emptyFolder });
    const examined = await examine({ set: shippedSet(mainUrl), machine, folders });
    const examination =
      values.probe === true
        ? { ...examined, probe: await tryEach(examined, { folders, machine, temporary }) }
        : examined;
    const code = exitCodeOf(examination, values['fail-on']);
    if (code === 1) rememberRejection();
    await write(report(examination, { values, ok: code === 0 }));
    return code;
  } finally {
    rmSync(temporary.path, { recursive: true, force: true });
  }
}

interface Trials {
  readonly folders: readonly string[];
  readonly machine: Machine;
  readonly temporary: TemporaryFolder;
}

async function tryEach(
  { components }: Examination,
  { folders, machine, temporary }: Trials,
): Promise<Probe> {
  const progress = process.stderr.isTTY;
  const result = await probe({
    subjects: subjectsFor(components, folders),
    folder: join(temporary.path, 'probe'),
    path: machine.path,
    onStart(title) {
      if (progress) process.stderr.write(`\r\u001B[Ktrying ${printable(title)} …`);
    },
  });
  if (progress) process.stderr.write('\r\u001B[K');
  return result;
}

function shippedSet(mainUrl: string): ReturnType<typeof loadRecords> {
  try {
    return loadRecords(fileURLToPath(new URL('./advisories.json', mainUrl)));
  } catch (error) {
    if (error instanceof RecordSetError) throw new UsageError(error.message, 'doctor');
    throw error;
  }
}

function report(
  examination: Examination,
  { values, ok }: { values: Values<Options>; ok: boolean },
): string {
  switch (values.reporter) {
    case 'json':
      return jsonReport(examination, ok);
    case 'ndjson':
      return ndjsonReport(examination, ok);
    case 'text':
      return textReport(examination, styleFor(values.color, process.stdout));
  }
}
