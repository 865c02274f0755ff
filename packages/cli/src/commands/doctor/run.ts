import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  doctorOutcome,
  examine,
  jsonReport,
  textReport,
  thisMachine,
  type AdvisoryRecord,
} from '@tarwarden/doctor';
import { makeTemporaryFolder } from '@tarwarden/guard/run';
import { policyFilesInForce, projectFolders } from '@tarwarden/guard';
import { rememberRejection, write, type Call } from '@tarwarden/guard/command-line';
import { styleFor } from '../../colour.ts';
import { policyFileText } from '../../working-folder.ts';
import type { definition } from './definition.ts';

/** `tarwarden doctor`: known holes in the programs and libraries here that unpack archives. */
export async function doctor({
  values,
  operands,
  mainUrl,
}: Call<typeof definition.options>): Promise<number> {
  const temporary = makeTemporaryFolder({ prefix: 'tarwarden-doctor-' });
  try {
    const emptyFolder = join(temporary.path, 'empty');
    mkdirSync(emptyFolder, { mode: 0o700 });
    const folders = operands.length === 0 ? ['.'] : operands;
    // The folders, and those above them up to the root of the project. No program there is run.
    const projects = ['.', ...folders].flatMap((folder) => [folder, ...projectFolders(folder)]);
    const file = fileURLToPath(new URL('./advisories.json', mainUrl));
    const examination = await examine({
      records: JSON.parse(readFileSync(file, 'utf8')) as readonly AdvisoryRecord[],
      machine: thisMachine({ env: process.env, projects, emptyFolder }),
      folders,
      wholeMachine: values.machine === true,
    });
    const outcome = doctorOutcome(examination, { failOn: values['fail-on'] });
    if (outcome.code === 1) rememberRejection();
    const policyFiles = policyFilesInForce({ cwd: process.cwd(), env: process.env });
    if (values.reporter === 'json') await write(jsonReport(examination, outcome, policyFiles));
    else {
      await write(policyFiles.map(policyFileText).join(''));
      await write(textReport(examination, outcome, styleFor(values.color, process.stdout)));
    }
    return outcome.code;
  } finally {
    rmSync(temporary.path, { recursive: true, force: true });
  }
}
