import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  examine,
  exitCodeOf,
  jsonReport,
  loadRecords,
  ndjsonReport,
  RecordSetError,
  textReport,
  thisMachine,
  type Examination,
} from '@tarwarden/doctor';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';
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
    const examination = await examine({
      set: shippedSet(mainUrl),
      machine: thisMachine({ env: process.env, projects: ['.', ...folders], emptyFolder }),
      folders,
    });
    const code = exitCodeOf(examination, values['fail-on']);
    if (code === 1) rememberRejection();
    await write(report(examination, { values, ok: code === 0 }));
    return code;
  } finally {
    rmSync(temporary.path, { recursive: true, force: true });
  }
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
