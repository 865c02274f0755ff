import manifest from '../../../package.json' with { type: 'json' };
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { printable, withoutTrailing } from '@tarwarden/core/text';
import {
  examine,
  doctorOutcome,
  findDefences,
  findGuards,
  jsonReport,
  ndjsonReport,
  withoutReported,
  openVexReport,
  probe,
  RecordSetError,
  removeAll,
  ReportFileError,
  sarifReport,
  subjectsFor,
  textReport,
  thisMachine,
  type Defence,
  type DoctorOutcome,
  type Examination,
  type GuardSetup,
  type LocalMachine,
  type ProbeReport,
  loadRecords,
  OSV,
  updateRecords,
  withLastUpdate,
  type RecordSet,
} from '@tarwarden/doctor';
import { makeTemporaryFolder, type TemporaryFolder } from '@tarwarden/guarded-run';
import { projectFolders, isDocumentUrl } from '@tarwarden/host';
import { styleFor } from '../../colour.ts';
import {
  type Call,
  type Values,
  isQuietRun,
  rememberRejection,
  write,
  UsageError,
} from '@tarwarden/host/command-line';
import type { DOCTOR_OPTIONS } from './definition.ts';
import { sourceFolders } from '../../working-folder.ts';
import { fileURLToPath } from 'node:url';
import { sourcesFor } from '@tarwarden/audit';
import { TarwardenError } from '@tarwarden/core';

type Options = typeof DOCTOR_OPTIONS;

/** The folders, and the folders above them up to the root of the project. No program there is run. */
function projectsOf(named: readonly string[]): readonly string[] {
  return ['.', ...named].flatMap((folder) => [folder, ...projectFolders(folder)]);
}

/** `tarwarden doctor`: known holes in the programs and libraries here that unpack archives. */
export async function doctor({ values, operands, mainUrl }: Call<Options>): Promise<number> {
  const temporary = makeTemporaryFolder({ prefix: 'tarwarden-doctor-' });
  try {
    const emptyFolder = join(temporary.path, 'empty');
    mkdirSync(emptyFolder, { mode: 0o700 });
    const named = operands.length === 0 ? ['.'] : operands;
    const machine = thisMachine({ env: process.env, projects: projectsOf(named), emptyFolder });
    const set = await recordSetFor(values, mainUrl);
    const examined = await examine({
      set,
      machine,
      folders: named,
      wholeMachine: values.machine === true,
    });
    const isTrial = values.verify === true;
    const all = {
      ...examined,
      ...(await defencesIn(examined, { folders: named, machine, isTrial })),
      ...(values.probe === true && {
        probe: await tryEach(examined, { folders: named, machine, temporary }),
      }),
    };
    const examination = values.since === undefined ? all : withoutReported(all, values.since);
    const outcome = doctorOutcome(examination, {
      failOn: values['fail-on'],
      strict: values.strict === true,
    });
    const { code } = outcome;
    if (code === 1) rememberRejection();
    await write(report(examination, values, outcome));
    return code;
  } catch (error) {
    if (error instanceof RecordSetError || error instanceof ReportFileError)
      throw new UsageError(error.message, 'doctor');
    throw error;
  } finally {
    removeAll(temporary.path);
  }
}

interface Trials {
  readonly folders: readonly string[];
  readonly machine: LocalMachine;
  readonly temporary: TemporaryFolder;
}

async function tryEach(
  { components }: Examination,
  { folders, machine, temporary }: Trials,
): Promise<ProbeReport> {
  const progress = process.stderr.isTTY && !isQuietRun();
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

/** The date is reproducible with SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/). */
function now(): Date {
  const epoch = process.env['SOURCE_DATE_EPOCH'] ?? '';
  return /^\d{1,11}$/.test(epoch) ? new Date(Number(epoch) * 1000) : new Date();
}

function report(examination: Examination, values: Values<Options>, outcome: DoctorOutcome): string {
  switch (values.reporter) {
    case 'json':
      return jsonReport(examination, outcome);
    case 'ndjson':
      return ndjsonReport(examination, outcome);
    case 'openvex':
      return openVexReport(examination, { version: manifest.version, now: now() });
    case 'sarif':
      return sarifReport(examination, { version: manifest.version, ...sourceFolders() });
    case 'text':
      return textReport(examination, outcome, {
        style: styleFor(values.color, process.stdout),
        all: values.all === true,
      });
  }
}

/** The other defences against hostile packages: settings of the managers, and the guard. With `isTrial`, the managers are tried. */
async function defencesIn(
  { components }: Examination,
  {
    folders,
    machine,
    isTrial,
  }: {
    readonly folders: readonly string[];
    readonly machine: LocalMachine;
    readonly isTrial: boolean;
  },
): Promise<{ defences: Defence[]; guards: GuardSetup[] }> {
  const { env } = process;
  const { platform } = machine;
  const node = machine.find({ name: 'node', windowsScripts: [] })[0]?.real ?? process.execPath;
  const search = { components, folders, env, platform };
  return {
    defences: findDefences({ ...search, node }),
    guards: isTrial
      ? await (await import('./try-guards.ts')).tryGuards(folders, env)
      : findGuards(search),
  };
}

/** The records to compare with: the shipped ones, and the records of OSV if this user has asked OSV. */
async function recordSetFor(
  values: Values<typeof DOCTOR_OPTIONS>,
  mainUrl: string,
): Promise<RecordSet> {
  const shipped = loadRecords(fileURLToPath(new URL('./advisories.json', mainUrl)));
  const from = values['update-from'];
  if (values.update !== true && from === undefined) return withLastUpdate(shipped, process.env);
  const address = withoutTrailing(from ?? OSV, '/');
  if (!isDocumentUrl(address))
    throw new UsageError('--update-from takes an https address without credentials', 'doctor');
  try {
    // The user's own proxy and authorities. Settings of a project must not decide where advisories come from.
    const { settings } = sourcesFor(undefined, { env: process.env, offline: false });
    const network = settings.registriesFor('package-lock').settingsFor(address);
    return await updateRecords(shipped, {
      address,
      settings: { ...network, userAgent: 'tarwarden doctor' },
      env: process.env,
      now: new Date(),
    });
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    const message = `the advisories were not updated, and are as before: ${error.message}`;
    throw new TarwardenError(error.code, message, { cause: error });
  }
}
